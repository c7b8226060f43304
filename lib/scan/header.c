/* header.c: what is common to all pictures: kinds, bounds, hidden content. */
#include "scan/header.h"

#include "scan/walk.h"

static bool starts(const uint8_t *data, size_t n, size_t at, const char *magic, size_t len)
{
	return n >= at + len && !memcmp(data + at, magic, len);
}

/* Kinds that people send by mistake and that deserve their own words. */
static enum scan_result other_kind(const uint8_t *d, size_t n)
{
	static const char *const brand[] = { "heic", "heix", "heim", "heis",
					     "hevc", "mif1", "msf1", "avif" };
	size_t i;

	if (starts(d, n, 0, "RIFF", 4) && starts(d, n, 8, "WEBP", 4))
		return SCAN_WEBP;
	if (starts(d, n, 0, "%PDF-", 5))
		return SCAN_PDF;
	if (starts(d, n, 4, "ftyp", 4))
		for (i = 0; i < ARRAY_SIZE(brand); i++)
			if (starts(d, n, 8, brand[i], 4))
				return SCAN_HEIC;
	return SCAN_NOT_A_PICTURE;
}

enum scan_result scan_header_read(const void *data, size_t n, struct scan_header *h)
{
	*h = (struct scan_header){ .orientation = 1 };
	if (!n)
		return SCAN_EMPTY;
	if (n > SCAN_FILE_MAX)
		return SCAN_TOO_LARGE;
	if (starts(data, n, 0, "\xff\xd8\xff", 3))
		return scan_walk_jpeg(data, n, h);
	if (starts(data, n, 0, "\x89PNG\r\n\x1a\n", 8))
		return scan_walk_png(data, n, h);
	return other_kind(data, n);
}

enum scan_result scan_walk_bounds(uint32_t width, uint32_t height, uint64_t area_max)
{
	if (!width || !height)
		return SCAN_BROKEN;
	if (width > SCAN_SIDE_MAX_PX || height > SCAN_SIDE_MAX_PX)
		return SCAN_TOO_MANY_PIXELS;
	if ((uint64_t)width * height > area_max)
		return SCAN_TOO_MANY_PIXELS;
	if (width < SCAN_SIDE_MIN_PX || height < SCAN_SIDE_MIN_PX)
		return SCAN_TOO_FEW_PIXELS;
	return SCAN_TAKEN;
}

static bool same_fold(const uint8_t *data, const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		uint8_t c = data[i];

		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (c != (uint8_t)word[i])
			return false;
	}
	return true;
}

bool scan_walk_hides_program(const uint8_t *data, size_t n)
{
	static const struct {
		const char *word;
		size_t len;
	} bad[] = {
		{ "<?php", 5 }, { "<script", 7 },      { "<html", 5 }, { "<!doctype", 9 },
		{ "<svg", 4 },  { "javascript:", 11 }, { "%pdf-", 5 }, { "pk\5\6\0\0\0\0", 8 },
	};
	size_t at, i;

	for (at = 0; at < n; at++) {
		if (!strchr("<jJ%Pp", data[at]) || !data[at])
			continue;
		for (i = 0; i < ARRAY_SIZE(bad); i++)
			if (n - at >= bad[i].len && same_fold(data + at, bad[i].word, bad[i].len))
				return true;
	}
	return false;
}

static uint32_t tiff_number(const uint8_t *at, size_t size, bool big)
{
	uint32_t v = 0;
	size_t i;

	for (i = 0; i < size; i++)
		v |= (uint32_t)at[i] << 8 * (big ? size - 1 - i : i);
	return v;
}

/* Exif 2.3: a TIFF header, then image file directory 0; tag 0x112. */
int scan_walk_orientation(const uint8_t *tiff, size_t n)
{
	uint32_t at, count, i;
	bool big;

	if (n < 14 || (memcmp(tiff, "II*", 4) && memcmp(tiff, "MM\0*", 4)))
		return 1;
	big = tiff[0] == 'M';
	at = tiff_number(tiff + 4, 4, big);
	if (at > n - 2)
		return 1;
	count = tiff_number(tiff + at, 2, big);
	for (i = 0, at += 2; i < count && n - at >= 12; i++, at += 12) {
		uint32_t value = tiff_number(tiff + at + 8, 2, big);

		if (tiff_number(tiff + at, 2, big) == 0x112)
			return value >= 1 && value <= 8 ? (int)value : 1;
	}
	return 1;
}
