/* feed.h: only what a decoder needs of a walked picture.
 *
 * Metadata (Exif, XMP, IPTC, ICC, comments, text) is left out before decoding,
 * so that none of the decoder's many parsers for it ever sees a byte from
 * outside, and none of it can come out again. Colours are taken as sRGB. */
#ifndef NORMALISE_FEED_H
#define NORMALISE_FEED_H

#include "base/buffer.h"
#include "scan/header.h"

/* `data` has passed scan_header_read() with this header. */
void feed_make(const uint8_t *data, const struct scan_header *, struct buffer *out);

#endif
