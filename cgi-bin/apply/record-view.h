/* record-view.h: a step of a recording as it is shown, for the page and for
 * our script, which gets it from apply/record-step. */
#ifndef APPLY_RECORD_VIEW_H
#define APPLY_RECORD_VIEW_H

#include "base/markup.h"
#include "identity/identity.h"

/* div.yj-record__cue: what to do now, large. */
void record_view_cue(struct markup *, const struct identity_step *,
		     const struct identity_challenge *);

#endif
