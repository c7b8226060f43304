/* small.h: smaller copies of a picture, by means of boxes. */
#ifndef NORMALISE_SMALL_H
#define NORMALISE_SMALL_H

#include "base/base.h"

/* 8-bit pixels of one (grey) or three (RGB) planes, row by row. */
struct small {
	int width_px, height_px;
	int planes;
	uint8_t *at; /* free() it */
};

/* A k-th of the size in both directions; the rest at the edges is left out. */
struct small small_by(const struct small *, int k);
/* At most `side_px` on the long side, any ratio; never larger. */
struct small small_bounded(const struct small *, int side_px);
struct small small_grey(const struct small *rgb);
/* Exactly this size. */
struct small small_to(const struct small *, int width_px, int height_px);

#endif
