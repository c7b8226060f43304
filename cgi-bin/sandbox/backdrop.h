/* backdrop.h: a page of the stand-ins, in the look of the house. */
#ifndef SANDBOX_BACKDROP_H
#define SANDBOX_BACKDROP_H

#include "base/markup.h"

/* Opened down to <main>, with the title as its heading. */
struct markup *backdrop_begin(const char *title);
/* Closes what is open, appends the page to `body`, and frees it. */
void backdrop_end(struct markup *, struct buffer *body);

#endif
