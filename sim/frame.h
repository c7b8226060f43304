/* frame.h: a page of the stand-ins, in the look of the house. */
#ifndef SIM_FRAME_H
#define SIM_FRAME_H

#include "base/markup.h"

/* Opened down to <main>, with the title as its heading. */
struct markup *frame_begin(const char *title);
/* Closes what is open, appends the page to `body`, and frees it. */
void frame_end(struct markup *, struct buffer *body);

#endif
