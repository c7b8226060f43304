/* range.h: a piece of an answer, as players of recordings ask for it (RFC 9110,
 * section 14). One range of bytes is understood; several, or another unit, get
 * the whole, as the standard allows. */
#ifndef PAGE_RANGE_H
#define PAGE_RANGE_H

#include "page/reply.h"

enum range_kind {
	RANGE_WHOLE, /* none was asked for, or none that we give */
	RANGE_PART,
	RANGE_OUTSIDE, /* no byte of it exists: 416 */
};

/* The meaning of a Range header (NULL: none) for n bytes. */
enum range_kind range_read(const char *header, size_t n, size_t *first, size_t *count);
/* Cuts the answer, whose body is whole, down to what was asked for: 206 or 416. */
void range_cut(struct reply *, const char *header);

#endif
