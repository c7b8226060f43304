/* feed.c: leaves metadata out of a picture before it is decoded. */
#include "feed.h"

#include "scan/walk.h"

enum { SOS = 0xda, APP0 = 0xe0, APP14 = 0xee, APP15 = 0xef, COM = 0xfe };

/* APP14 says how the colours are coded (Adobe); APP0 and the rest say nothing
 * that a decoder needs. */
static bool jpeg_needs(int marker)
{
	return marker == APP14 || !((marker >= APP0 && marker <= APP15) || marker == COM);
}

static void feed_jpeg(const uint8_t *d, size_t n, struct buffer *out)
{
	size_t at = 2;

	buffer_add(out, d, 2);
	while (at + 4 <= n) {
		size_t len;
		int marker;

		while (d[at + 1] == 0xff)
			at++;
		marker = d[at + 1];
		len = 2 + scan_walk_be16(d + at + 2);
		if (marker == SOS)
			break;
		if (jpeg_needs(marker))
			buffer_add(out, d + at, len);
		at += len;
	}
	buffer_add(out, d + at, n - at);
}

static void feed_png(const uint8_t *d, size_t n, struct buffer *out)
{
	static const char *const needed[] = { "IHDR", "PLTE", "tRNS", "IDAT", "IEND" };
	size_t at, len, i;

	buffer_add(out, d, 8);
	for (at = 8; at < n; at += len) {
		len = 12 + (size_t)scan_walk_be32(d + at);
		for (i = 0; i < ARRAY_SIZE(needed); i++)
			if (!memcmp(d + at + 4, needed[i], 4))
				buffer_add(out, d + at, len);
	}
}

void feed_make(const uint8_t *data, const struct scan_header *h, struct buffer *out)
{
	buffer_room(out, h->length);
	if (h->kind == SCAN_JPEG)
		feed_jpeg(data, h->length, out);
	else
		feed_png(data, h->length, out);
}
