/* photo.h: a photograph of a document lying on a desk, as a phone takes it. */
#ifndef SAMPLES_PHOTO_H
#define SAMPLES_PHOTO_H

#include <cairo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct photo_settings {
	uint64_t seed;
	int width_px, height_px; /* of the upright picture */
	double fill; /* share of the frame that the document spans */
	double light; /* 1 is a well-lit room */
	double noise; /* standard deviation, of 255 */
	double blur_px; /* radius of a box, twice */
	double glare; /* 0 none, 1 a lamp in the middle of it */
	double cut; /* share of the document that is outside of the frame */
	double tilt; /* degrees */
	double lean; /* perspective: share by which the far edge is shorter */
};

/* 8-bit RGB, row by row; free() it. */
uint8_t *photo_take(const struct photo_settings *, cairo_surface_t *document);

struct photo_file {
	int orientation; /* Exif 1..8, 0: no Exif at all */
	int quality;
	bool progressive;
	bool private; /* with place, time, device and a comment */
};
/* Writes a JPEG that is stored turned as `orientation` says. False: errno. */
bool photo_write(const char *path, const uint8_t *rgb, int width_px, int height_px,
		 const struct photo_file *);

#endif
