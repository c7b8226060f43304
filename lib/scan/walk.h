/* walk.h: the parts of header.c; for lib/scan alone. */
#ifndef SCAN_WALK_H
#define SCAN_WALK_H

#include "scan/header.h"

enum scan_result scan_walk_jpeg(const uint8_t *data, size_t n, struct scan_header *);
enum scan_result scan_walk_png(const uint8_t *data, size_t n, struct scan_header *);
/* Whether a size is within the ceilings; SCAN_TAKEN when it is. */
enum scan_result scan_walk_bounds(uint32_t width, uint32_t height, uint64_t area_max);
/* Whether metadata carries what a browser, reader or interpreter would run. */
bool scan_walk_hides_program(const uint8_t *data, size_t n);
/* Exif orientation of a TIFF structure; 1 when it is missing or out of range. */
int scan_walk_orientation(const uint8_t *tiff, size_t n);
/* Whether what stands behind the end of a JPEG is something phones put there. */
bool scan_walk_known_trailer(const uint8_t *data, size_t n);

/* One JPEG stream from SOI to EOI without judging its size; gives its length
 * in header->length. */
enum scan_result scan_walk_jpeg_stream(const uint8_t *data, size_t n, struct scan_header *);

static inline uint32_t scan_walk_be16(const uint8_t *at)
{
	return (uint32_t)at[0] << 8 | at[1];
}
static inline uint32_t scan_walk_be32(const uint8_t *at)
{
	return scan_walk_be16(at) << 16 | scan_walk_be16(at + 2);
}
static inline uint32_t scan_walk_le32(const uint8_t *at)
{
	return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
}

#endif
