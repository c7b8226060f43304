/* png.c: walk of a PNG from signature to IEND, every checksum (RFC 2083). */
#include "scan/walk.h"

struct crc {
	uint32_t table[8][256];
};

/* Eight tables, so that eight bytes go in one step. */
static void crc_init(struct crc *crc)
{
	uint32_t i, k;

	for (i = 0; i < 256; i++) {
		uint32_t c = i;

		for (k = 0; k < 8; k++)
			c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
		crc->table[0][i] = c;
	}
	for (i = 0; i < 256; i++)
		for (k = 1; k < 8; k++) {
			uint32_t c = crc->table[k - 1][i];

			crc->table[k][i] = crc->table[0][c & 0xff] ^ c >> 8;
		}
}

static uint32_t crc_of(const struct crc *crc, const uint8_t *at, size_t n)
{
	const uint32_t(*t)[256] = crc->table;
	uint32_t c = 0xffffffffu;

	for (; n >= 8; n -= 8, at += 8) {
		uint32_t lo = c ^ scan_walk_le32(at), hi = scan_walk_le32(at + 4);

		c = t[7][lo & 0xff] ^ t[6][lo >> 8 & 0xff] ^ t[5][lo >> 16 & 0xff] ^
		    t[4][lo >> 24] ^ t[3][hi & 0xff] ^ t[2][hi >> 8 & 0xff] ^
		    t[1][hi >> 16 & 0xff] ^ t[0][hi >> 24];
	}
	while (n--)
		c = t[0][(c ^ *at++) & 0xff] ^ c >> 8;
	return c ^ 0xffffffffu;
}

struct walk {
	struct scan_header *header;
	int colour;
	bool palette, data, data_over;
};

static bool depth_allowed(int colour, int depth)
{
	switch (colour) {
	case 0:
		return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
	case 3:
		return depth == 1 || depth == 2 || depth == 4 || depth == 8;
	case 2:
	case 4:
	case 6:
		return depth == 8 || depth == 16;
	default:
		return false;
	}
}

static enum scan_result head(struct walk *w, const uint8_t *body, size_t len)
{
	uint32_t width, height;

	if (len != 13)
		return SCAN_BROKEN;
	width = scan_walk_be32(body);
	height = scan_walk_be32(body + 4);
	w->colour = body[9];
	if (!depth_allowed(w->colour, body[8]) || body[10] || body[11] || body[12] > 1)
		return SCAN_BROKEN;
	w->header->width_px = (int)width;
	w->header->height_px = (int)height;
	return scan_walk_bounds(width, height, SCAN_PNG_AREA_MAX_PX);
}

static enum scan_result chunk(struct walk *w, const uint8_t *type, const uint8_t *body, size_t len)
{
	bool is_data = !memcmp(type, "IDAT", 4);

	if (w->data && !is_data)
		w->data_over = true;
	if (is_data) {
		if (w->data_over || (w->colour == 3 && !w->palette))
			return SCAN_BROKEN;
		w->data = true;
		return SCAN_TAKEN;
	}
	if (!memcmp(type, "PLTE", 4)) {
		if (w->palette || w->data || !len || len % 3 || len > 768)
			return SCAN_BROKEN;
		w->palette = true;
		return SCAN_TAKEN;
	}
	/* critical and unknown, or hiding a bomb */
	if (!(type[0] & 0x20) || len > SCAN_PNG_METADATA_MAX)
		return SCAN_BROKEN;
	if (!memcmp(type, "eXIf", 4))
		w->header->orientation = scan_walk_orientation(body, len);
	return scan_walk_hides_program(body, len) ? SCAN_BROKEN : SCAN_TAKEN;
}

enum scan_result scan_walk_png(const uint8_t *data, size_t n, struct scan_header *h)
{
	struct walk w = { .header = h };
	struct crc crc;
	size_t at = 8;

	h->kind = SCAN_PNG;
	crc_init(&crc);
	while (n - at >= 12) {
		const uint8_t *type = data + at + 4;
		uint32_t len = scan_walk_be32(data + at);
		enum scan_result result;
		bool first = at == 8;

		if (len > n - at - 12 || first != !memcmp(type, "IHDR", 4))
			return SCAN_BROKEN;
		if (crc_of(&crc, type, 4 + (size_t)len) != scan_walk_be32(type + 4 + len))
			return SCAN_BROKEN;
		at += 12 + (size_t)len;
		if (!memcmp(type, "IEND", 4)) {
			h->length = at;
			return !len && w.data && at == n ? SCAN_TAKEN : SCAN_BROKEN;
		}
		result = first ? head(&w, type + 4, len) : chunk(&w, type, type + 4, len);
		if (result != SCAN_TAKEN)
			return result;
	}
	return SCAN_BROKEN;
}
