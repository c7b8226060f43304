/* fill.h: what an applicant does on the form pages. */
#ifndef SEED_FILL_H
#define SEED_FILL_H

#include "seed.h"

/* The form's scans, each with its event, then its values and its own event. */
enum flow_result fill_form(struct seed_case *, const struct form *);
/* In awaiting_correction: everything that a reason names. */
void fill_mend(struct seed_case *);
struct form_owner fill_owner(struct seed_case *);

#endif
