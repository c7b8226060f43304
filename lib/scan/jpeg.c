/* jpeg.c: walk of a JPEG from SOI to EOI (ITU-T T.81, annex B). */
#include "scan/walk.h"

enum {
	SOF0 = 0xc0,
	SOF2 = 0xc2,
	DHT = 0xc4,
	SOF15 = 0xcf,
	JPG = 0xc8,
	DAC = 0xcc,
	RST0 = 0xd0,
	RST7 = 0xd7,
	SOI = 0xd8,
	EOI = 0xd9,
	SOS = 0xda,
	DQT = 0xdb,
	DRI = 0xdd,
	APP0 = 0xe0,
	APP1 = 0xe1,
	APP15 = 0xef,
	COM = 0xfe,
};

struct walk {
	const uint8_t *data;
	size_t n, at;
	struct scan_header *header;
	int frames, scans;
	bool tables; /* quantisation was there */
};

/* The next marker, after its fill bytes; -1 when there is none. */
static int next_marker(struct walk *w)
{
	if (w->at >= w->n || w->data[w->at] != 0xff)
		return -1;
	while (w->at < w->n && w->data[w->at] == 0xff)
		w->at++;
	return w->at < w->n ? w->data[w->at++] : -1;
}

/* Entropy-coded data: up to a marker that is neither a stuffed FF nor RST. */
static bool skip_entropy(struct walk *w)
{
	while (w->at < w->n) {
		const uint8_t *ff = memchr(w->data + w->at, 0xff, w->n - w->at);

		if (!ff || ff + 1 >= w->data + w->n)
			return false;
		w->at = ff - w->data;
		if (ff[1] && ff[1] != 0xff && (ff[1] < RST0 || ff[1] > RST7))
			return true;
		w->at += ff[1] == 0xff ? 1 : 2;
	}
	return false;
}

static enum scan_result frame(struct walk *w, int marker, const uint8_t *body, size_t len)
{
	uint8_t components;

	/* baseline, extended and progressive Huffman of 8 bits: all a phone
	 * or scanner makes */
	if (marker > SOF2 || w->frames++ || len < 6)
		return SCAN_BROKEN;
	components = body[5];
	if (body[0] != 8 || len != 6 + 3u * components ||
	    (components != 1 && components != 3 && components != 4))
		return SCAN_BROKEN;
	w->header->height_px = (int)scan_walk_be16(body + 1);
	w->header->width_px = (int)scan_walk_be16(body + 3);
	return SCAN_TAKEN;
}

static enum scan_result metadata(struct walk *w, int marker, const uint8_t *body, size_t len)
{
	if (marker == APP1 && len > 6 && !memcmp(body, "Exif\0", 6))
		w->header->orientation = scan_walk_orientation(body + 6, len - 6);
	return scan_walk_hides_program(body, len) ? SCAN_BROKEN : SCAN_TAKEN;
}

static enum scan_result scan(struct walk *w, const uint8_t *body, size_t len)
{
	if (!w->frames || !w->tables || len < 1 || body[0] < 1 || body[0] > 4 ||
	    len != 4 + 2u * body[0])
		return SCAN_BROKEN;
	/* each scan of a progressive picture costs the decoder a pass */
	if (++w->scans > SCAN_JPEG_SCANS_MAX || !skip_entropy(w))
		return SCAN_BROKEN;
	return SCAN_TAKEN;
}

static enum scan_result segment(struct walk *w, int marker)
{
	const uint8_t *body;
	size_t len;

	if (w->n - w->at < 2)
		return SCAN_BROKEN;
	len = scan_walk_be16(w->data + w->at);
	if (len < 2 || len > w->n - w->at)
		return SCAN_BROKEN;
	body = w->data + w->at + 2;
	w->at += len;
	len -= 2;
	if (marker == SOS)
		return scan(w, body, len);
	if (marker >= APP0 && marker <= APP15)
		return metadata(w, marker, body, len);
	switch (marker) {
	case COM:
		return metadata(w, marker, body, len);
	case DQT:
		w->tables = true;
		return len >= 65 ? SCAN_TAKEN : SCAN_BROKEN;
	case DHT:
		return len >= 17 ? SCAN_TAKEN : SCAN_BROKEN;
	case DRI:
		return len == 2 ? SCAN_TAKEN : SCAN_BROKEN;
	case JPG:
	case DAC:
		return SCAN_BROKEN;
	default:
		return marker >= SOF0 && marker <= SOF15 ? frame(w, marker, body, len) :
							   SCAN_BROKEN;
	}
}

enum scan_result scan_walk_jpeg_stream(const uint8_t *data, size_t n, struct scan_header *h)
{
	struct walk w = { .data = data, .n = n, .at = 2, .header = h };
	enum scan_result result = SCAN_TAKEN;

	h->kind = SCAN_JPEG;
	if (n < 4 || data[0] != 0xff || data[1] != SOI)
		return SCAN_BROKEN;
	while (result == SCAN_TAKEN) {
		int marker = next_marker(&w);

		if (marker < 0)
			return SCAN_BROKEN;
		if (marker == EOI)
			break;
		result = segment(&w, marker);
	}
	h->length = w.at;
	if (result == SCAN_TAKEN && !w.scans)
		return SCAN_BROKEN;
	return result;
}

enum scan_result scan_walk_jpeg(const uint8_t *data, size_t n, struct scan_header *h)
{
	enum scan_result result = scan_walk_jpeg_stream(data, n, h);

	/* a size out of bounds is the better word, even if it is also cut off */
	if (h->width_px && h->height_px) {
		enum scan_result bounds = scan_walk_bounds(h->width_px, h->height_px,
							   SCAN_AREA_MAX_PX);

		if (bounds != SCAN_TAKEN)
			return bounds;
	}
	if (result != SCAN_TAKEN)
		return result;
	if (!h->width_px || !h->height_px)
		return SCAN_BROKEN;
	if (!scan_walk_known_trailer(data + h->length, n - h->length))
		return SCAN_BROKEN;
	return SCAN_TAKEN;
}
