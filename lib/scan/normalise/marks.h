/* marks.h: is the picture good enough to be read by a person? */
#ifndef NORMALISE_MARKS_H
#define NORMALISE_MARKS_H

#include "picture.h"

/* Figures the marks are judged by, for tuning and tests. */
struct marks_figures {
	double sharpness; /* see marks.c */
	double paper;     /* luma of the 95th percentile */
	double median;
	double glare;     /* share of the picture that is burnt out */
	bool cut_off;
};

/* Set of enum scan_mark; `side_px` is the short side of the original. */
unsigned marks_of(const struct picture *, int side_px, struct marks_figures *);
/* 64-bit difference hash: the signs of 8 × 8 horizontal steps of grey. */
uint64_t marks_phash(const struct picture *);

#endif
