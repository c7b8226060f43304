/* reason.h: the choice of a coded reason (review/review.h) on a page of the desk. */
#ifndef PAGE_REASON_H
#define PAGE_REASON_H

#include "page/page.h"
#include "review/review.h"

/* A select named and called `name` with the reasons of that type, `chosen` or
 * nothing chosen. */
void reason_write_select(struct page *, const char *type, const char *name, const char *label,
			 const char *chosen);

#endif
