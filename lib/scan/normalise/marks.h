/* marks.h: is the picture good enough to be read by a person?
 *
 * The figures are made so that a false alarm is rarer than a miss: a person
 * looks at every scan later, but an applicant who is asked to take a good
 * photograph again loses patience. */
#ifndef NORMALISE_MARKS_H
#define NORMALISE_MARKS_H

#include "small.h"

/* The figures from which the marks are derived. */
struct marks_figures {
	double sharpness; /* of the edges there are; 0: none found */
	double white; /* luma of the brightest twentieth */
	double burnt; /* share of the picture that is white without a border */
	double contrast; /* how well the picture falls into sheet and desk, 0..1 */
	double sheet[4]; /* share of the upper, right, lower, left edge that is sheet */
};

void marks_measure(const struct small *grey, struct marks_figures *);
/* Set of enum scan_mark; `side_px` is the short side of the original. */
unsigned marks_of(const struct marks_figures *, int side_px);
/* 64-bit difference hash: the signs of 8 × 8 horizontal steps of grey. */
uint64_t marks_phash(const struct small *grey);

#endif
