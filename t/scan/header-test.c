/* header-test.c: the header walk on pictures built byte by byte. */
#include "base/buffer.h"
#include "scan/header.h"

#include <setjmp.h>
#include <time.h>
#include <cmocka.h>

static void bytes(struct buffer *b, const char *data, size_t n)
{
	buffer_add(b, data, n);
}
#define BYTES(b, literal) bytes(b, literal, sizeof(literal) - 1)

static void be(struct buffer *b, uint64_t v, int size)
{
	while (size--)
		buffer_putc(b, (char)(v >> 8 * size));
}

static void segment(struct buffer *b, int marker, const void *body, size_t n)
{
	buffer_putc(b, (char)0xff);
	buffer_putc(b, (char)marker);
	be(b, (uint32_t)n + 2, 2);
	buffer_add(b, body, n);
}

struct jpeg {
	int sof, depth, width, height, components, scans;
	const void *app;
	size_t app_len;
	int app_marker;
	bool no_table, no_end;
};

static const struct jpeg plain = {
	.sof = 0xc0, .depth = 8, .width = 4032, .height = 3024, .components = 3, .scans = 1
};

static void jpeg(struct buffer *b, const struct jpeg *j)
{
	static const uint8_t zero[65];
	uint8_t sof[6 + 3 * 4] = { (uint8_t)j->depth,  (uint8_t)(j->height >> 8),
				   (uint8_t)j->height, (uint8_t)(j->width >> 8),
				   (uint8_t)j->width,  (uint8_t)j->components };
	uint8_t sos[4 + 2 * 4] = { (uint8_t)j->components };
	int i;

	BYTES(b, "\xff\xd8");
	if (j->app)
		segment(b, j->app_marker, j->app, j->app_len);
	if (!j->no_table)
		segment(b, 0xdb, zero, 65);
	segment(b, j->sof, sof, 6 + 3 * (size_t)j->components);
	segment(b, 0xc4, zero, 17);
	for (i = 0; i < j->scans; i++) {
		segment(b, 0xda, sos, 4 + 2 * (size_t)j->components);
		BYTES(b, "\x12\x34\xff\x00\x56\xff\xd0\x78");
	}
	if (!j->no_end)
		BYTES(b, "\xff\xd9");
}

static enum scan_result walk(const struct buffer *b, struct scan_header *h)
{
	/* a copy of the exact size, so that sanitizers see a byte too far */
	char *copy = malloc(b->len ? b->len : 1);
	enum scan_result result;

	memcpy(copy, b->len ? b->data : "", b->len);
	result = scan_header_read(copy, b->len, h);
	free(copy);
	return result;
}

static enum scan_result walk_jpeg(struct jpeg j, struct scan_header *h)
{
	struct buffer b = BUFFER_INIT;
	enum scan_result result;

	jpeg(&b, &j);
	result = walk(&b, h);
	buffer_release(&b);
	return result;
}

static void test_plain(void **state UNUSED)
{
	struct scan_header h;

	assert_int_equal(walk_jpeg(plain, &h), SCAN_TAKEN);
	assert_int_equal(h.kind, SCAN_JPEG);
	assert_int_equal(h.width_px, 4032);
	assert_int_equal(h.height_px, 3024);
	assert_int_equal(h.orientation, 1);
}

static void test_jpeg_table(void **state UNUSED)
{
	static const struct {
		struct jpeg j;
		enum scan_result result;
	} cases[] = {
#define J(sof, depth, width, height, components, scans) \
	{ sof, depth, width, height, components, scans, NULL, 0, 0, false, false }
		{ J(0xc1, 8, 4032, 3024, 3, 1), SCAN_TAKEN },
		{ J(0xc2, 8, 4032, 3024, 3, 10), SCAN_TAKEN },
		{ J(0xc0, 8, 4032, 3024, 1, 1), SCAN_TAKEN },
		{ J(0xc0, 8, 4032, 3024, 4, 1), SCAN_TAKEN },
		{ J(0xc0, 8, 4032, 3024, 2, 1), SCAN_BROKEN },
		{ J(0xc3, 8, 4032, 3024, 3, 1), SCAN_BROKEN }, /* lossless */
		{ J(0xc9, 8, 4032, 3024, 3, 1), SCAN_BROKEN }, /* arithmetic */
		{ J(0xc0, 12, 4032, 3024, 3, 1), SCAN_BROKEN },
		{ J(0xc0, 8, 4032, 3024, 3, 0), SCAN_BROKEN },
		{ J(0xc2, 8, 4032, 3024, 3, SCAN_JPEG_SCANS_MAX), SCAN_TAKEN },
		{ J(0xc2, 8, 4032, 3024, 3, SCAN_JPEG_SCANS_MAX + 1), SCAN_BROKEN },
		{ J(0xc0, 8, 4032, 0, 3, 1), SCAN_BROKEN }, /* to be told by DNL */
		{ J(0xc0, 8, SCAN_SIDE_MIN_PX, SCAN_SIDE_MIN_PX, 3, 1), SCAN_TAKEN },
		{ J(0xc0, 8, SCAN_SIDE_MIN_PX - 1, 3024, 3, 1), SCAN_TOO_FEW_PIXELS },
		{ J(0xc0, 8, SCAN_SIDE_MAX_PX, 5333, 3, 1), SCAN_TAKEN },
		{ J(0xc0, 8, SCAN_SIDE_MAX_PX + 1, 400, 3, 1), SCAN_TOO_MANY_PIXELS },
		{ J(0xc0, 8, 8000, 8000, 3, 1), SCAN_TAKEN },
		{ J(0xc0, 8, 8001, 8000, 3, 1), SCAN_TOO_MANY_PIXELS },
		{ J(0xc0, 8, 65535, 65535, 3, 1), SCAN_TOO_MANY_PIXELS },
		{ { .sof = 0xc0,
		    .depth = 8,
		    .width = 4032,
		    .height = 3024,
		    .components = 3,
		    .scans = 1,
		    .no_table = true },
		  SCAN_BROKEN },
		{ { .sof = 0xc0,
		    .depth = 8,
		    .width = 4032,
		    .height = 3024,
		    .components = 3,
		    .scans = 1,
		    .no_end = true },
		  SCAN_BROKEN },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct scan_header h;
		enum scan_result result = walk_jpeg(cases[i].j, &h);

		if (result != cases[i].result)
			fail_msg("case %zu: %d instead of %d", i, (int)result,
				 (int)cases[i].result);
	}
}

static void exif(struct buffer *b, bool big, unsigned orientation)
{
	if (big) {
		BYTES(b, "Exif\0\0MM\0*\0\0\0\x8\0\x2\1\0\0\3\0\0\0\1\0\0\0\0");
		BYTES(b, "\1\x12\0\3\0\0\0\1");
		be(b, orientation, 2);
		be(b, 0, 6);
	} else {
		BYTES(b, "Exif\0\0II*\0\x8\0\0\0\1\0\x12\1\3\0\1\0\0\0");
		buffer_putc(b, (char)orientation);
		BYTES(b, "\0\0\0\0\0\0\0");
	}
}

static void test_orientation(void **state UNUSED)
{
	unsigned o, big;

	for (big = 0; big < 2; big++)
		for (o = 0; o < 12; o++) {
			struct buffer b = BUFFER_INIT;
			struct jpeg j = plain;
			struct scan_header h;

			exif(&b, big, o);
			j.app = b.data;
			j.app_len = b.len;
			j.app_marker = 0xe1;
			assert_int_equal(walk_jpeg(j, &h), SCAN_TAKEN);
			assert_int_equal(h.orientation, o >= 1 && o <= 8 ? o : 1);
			buffer_release(&b);
		}
}

/* Directories that point outside, or claim more entries than there are. */
static void test_orientation_lies(void **state UNUSED)
{
	static const struct {
		const char *tiff;
		size_t n;
	} lies[] = {
#define LIE(s) { s, sizeof(s) - 1 }
		LIE("MM\0*\xff\xff\xff\xff\0\1\1\x12\0\3\0\0\0\1\0\6"),
		LIE("MM\0*\0\0\0\x16\0\1\1\x12\0\3\0\0\0\1\0\6\0\0"),
		LIE("MM\0*\0\0\0\x8\xff\xff\1\x12\0\3\0\0"),
		LIE("II*\0\x8\0\0\0"),
		LIE("XX*\0\x8\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0"),
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		struct buffer b = BUFFER_INIT;
		struct jpeg j = plain;
		struct scan_header h;

		BYTES(&b, "Exif\0\0");
		buffer_add(&b, lies[i].tiff, lies[i].n);
		j.app = b.data;
		j.app_len = b.len;
		j.app_marker = 0xe1;
		assert_int_equal(walk_jpeg(j, &h), SCAN_TAKEN);
		assert_int_equal(h.orientation, 1);
		buffer_release(&b);
	}
}

static void test_hidden(void **state UNUSED)
{
	static const char *const hidden[] = {
		"<?php echo 1;",
		"<SCRIPT>alert(1)</SCRIPT>",
		"x<html>",
		"<!DOCTYPE html>",
		"<svg onload=",
		"%PDF-1.4",
		"javascript:alert(1)",
	};
	static const char *const innocent[] = {
		"a photograph",
		"<x:xmpmeta xmlns:x='adobe:ns:meta/'>",
		"50% PDF",
		"<",
	};
	struct scan_header h;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hidden) + ARRAY_SIZE(innocent); i++) {
		bool bad = i < ARRAY_SIZE(hidden);
		struct jpeg j = plain;

		j.app = bad ? hidden[i] : innocent[i - ARRAY_SIZE(hidden)];
		j.app_len = strlen(j.app);
		for (j.app_marker = 0xe0; j.app_marker <= 0xfe; j.app_marker += 30)
			assert_int_equal(walk_jpeg(j, &h), bad ? SCAN_BROKEN : SCAN_TAKEN);
	}
}

static enum scan_result walk_trailer(const void *data, size_t n)
{
	struct buffer b = BUFFER_INIT;
	struct scan_header h;
	enum scan_result result;
	size_t end;

	jpeg(&b, &plain);
	end = b.len;
	buffer_add(&b, data, n);
	result = walk(&b, &h);
	if (result == SCAN_TAKEN)
		assert_int_equal(h.length, end);
	buffer_release(&b);
	return result;
}

static void test_trailers(void **state UNUSED)
{
	static const struct {
		const char *data;
		size_t n;
		enum scan_result result;
	} cases[] = {
#define T(s) s, sizeof(s) - 1
		{ T(""), SCAN_TAKEN },
		{ T("\0\0\0\0"), SCAN_TAKEN },
		{ T("\0\0x"), SCAN_BROKEN },
		{ T("PK\3\4"), SCAN_BROKEN },
		{ T("<html>"), SCAN_BROKEN },
		{ T("\0\0\0\x10"
		    "ftypmp42\0\0\0\0"),
		  SCAN_TAKEN },
		{ T("\0\0\0\x10"
		    "ftypmp42\0\0\0\0\0\0\0\x9moovx"),
		  SCAN_TAKEN },
		{ T("\0\0\0\x10"
		    "ftypmp42\0\0\0\0\0\0\0\xamoovx"),
		  SCAN_BROKEN },
		{ T("\0\0\0\x10"
		    "ftypmp42\0\0\0\0PK\3\4"),
		  SCAN_BROKEN },
		/* one block of 4 bytes, a directory of one entry */
		{ T("blocSEFH\6\0\0\0\1\0\0\0\0\0\x30\x0a\4\0\0\0\4\0\0\0\x18\0\0\0SEFT"),
		  SCAN_TAKEN },
		{ T("evil!blocSEFH\6\0\0\0\1\0\0\0\0\0\x30\x0a\4\0\0\0\4\0\0\0\x18\0\0\0SEFT"),
		  SCAN_BROKEN },
		{ T("blocSEFH\6\0\0\0\xff\xff\xff\xff\0\0\x30\x0a\4\0\0\0\4\0\0\0\x18\0\0\0SEFT"),
		  SCAN_BROKEN },
		{ T("blocSEFH\6\0\0\0\1\0\0\0\0\0\x30\x0a\4\0\0\0\4\0\0\0\xff\xff\0\0SEFT"),
		  SCAN_BROKEN },
	};
	struct buffer second = BUFFER_INIT;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		if (walk_trailer(cases[i].data, cases[i].n) != cases[i].result)
			fail_msg("trailer %zu", i);
	/* a gain map: another JPEG, smaller than would be taken by itself */
	jpeg(&second, &(struct jpeg){ .sof = 0xc0,
				      .depth = 8,
				      .width = 64,
				      .height = 64,
				      .components = 1,
				      .scans = 1 });
	assert_int_equal(walk_trailer(second.data, second.len), SCAN_TAKEN);
	assert_int_equal(walk_trailer(second.data, second.len - 1), SCAN_BROKEN);
	buffer_release(&second);
}

/* A directory of Samsung's with so many entries, all of them of blocks at its own beginning. */
static void directory(struct buffer *b, int entries)
{
	BYTES(b, "SEFH\6\0\0\0");
	buffer_putc(b, (char)entries);
	BYTES(b, "\0\0\0");
	for (int i = 0; i < entries; i++)
		BYTES(b, "\0\0\x30\x0a\0\0\0\0\0\0\0\0");
	buffer_putc(b, (char)((12 + 12 * entries) & 0xff));
	buffer_putc(b, (char)((12 + 12 * entries) >> 8));
	BYTES(b, "\0\0SEFT");
}

/* Processor time of the cheapest of three walks. */
static double walk_cost(const struct buffer *trailer, enum scan_result wanted)
{
	double cheapest = 0;

	for (int i = 0; i < 3; i++) {
		struct timespec from, to;
		double cost;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		assert_int_equal(walk_trailer(trailer->data, trailer->len), wanted);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		cost = (double)(to.tv_sec - from.tv_sec) * 1e9 +
		       (double)(to.tv_nsec - from.tv_nsec);
		cheapest = i && cheapest < cost ? cheapest : cost;
	}
	return cheapest;
}

/* Padding costs the same whatever stands behind it: the directory is not read
 * once a byte, but once. */
static void test_trailer_cost(void **state UNUSED)
{
	const size_t padding = 8 * 1000 * 1000;
	struct buffer zeros = BUFFER_INIT;
	double alone, with_directory;

	memset(buffer_room(&zeros, padding), 0, padding);
	zeros.len = padding;
	alone = walk_cost(&zeros, SCAN_TAKEN);
	directory(&zeros, 100);
	with_directory = walk_cost(&zeros, SCAN_TAKEN);
	if (with_directory > 2 * alone)
		fail_msg("with a directory the walk costs %.1f times as much",
			 with_directory / alone);
	buffer_putc(&zeros, 'x');
	assert_int_equal(walk_trailer(zeros.data, zeros.len), SCAN_BROKEN);
	buffer_release(&zeros);
}

/* Bit by bit: not the code under test. */
static uint32_t crc(const char *at, size_t n)
{
	uint32_t c = 0xffffffff;
	int k;

	while (n--)
		for (c ^= (uint8_t)*at++, k = 0; k < 8; k++)
			c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
	return ~c;
}

static void chunk(struct buffer *b, const char *type, const void *body, size_t n)
{
	size_t from;

	be(b, (uint32_t)n, 4);
	from = b->len;
	buffer_add(b, type, 4);
	buffer_add(b, body, n);
	be(b, crc(b->data + from, n + 4), 4);
}

static void png_head(struct buffer *b, uint32_t width, uint32_t height, int depth, int colour)
{
	struct buffer body = BUFFER_INIT;

	be(&body, width, 4);
	be(&body, height, 4);
	be(&body, (uint32_t)depth, 1);
	be(&body, (uint32_t)colour, 1);
	be(&body, 0, 3);
	BYTES(b, "\x89PNG\r\n\x1a\n");
	chunk(b, "IHDR", body.data, body.len);
	buffer_release(&body);
}

static enum scan_result walk_png(uint32_t width, uint32_t height, int depth, int colour,
				 const char *const *type)
{
	struct buffer b = BUFFER_INIT;
	struct scan_header h;
	enum scan_result result;

	png_head(&b, width, height, depth, colour);
	for (; *type; type++)
		chunk(&b, *type, "abcdefghi", strcmp(*type, "IEND") ? 9 : 0);
	result = walk(&b, &h);
	buffer_release(&b);
	return result;
}

static void test_png(void **state UNUSED)
{
#define CHUNKS(...) (const char *const[]){ __VA_ARGS__, NULL }
	assert_int_equal(walk_png(800, 600, 8, 2, CHUNKS("IDAT", "IEND")), SCAN_TAKEN);
	assert_int_equal(walk_png(800, 600, 16, 6, CHUNKS("tEXt", "IDAT", "IDAT", "tIME", "IEND")),
			 SCAN_TAKEN);
	assert_int_equal(walk_png(800, 600, 8, 3, CHUNKS("PLTE", "IDAT", "IEND")), SCAN_TAKEN);
	assert_int_equal(walk_png(800, 600, 8, 3, CHUNKS("IDAT", "IEND")), SCAN_BROKEN);
	assert_int_equal(walk_png(800, 600, 4, 2, CHUNKS("IDAT", "IEND")), SCAN_BROKEN);
	assert_int_equal(walk_png(800, 600, 8, 5, CHUNKS("IDAT", "IEND")), SCAN_BROKEN);
	assert_int_equal(walk_png(800, 600, 8, 2, CHUNKS("IEND")), SCAN_BROKEN);
	assert_int_equal(walk_png(800, 600, 8, 2, CHUNKS("IDAT")), SCAN_BROKEN);
	assert_int_equal(walk_png(800, 600, 8, 2, CHUNKS("IDAT", "tEXt", "IDAT", "IEND")),
			 SCAN_BROKEN);
	assert_int_equal(walk_png(800, 600, 8, 2, CHUNKS("EVIL", "IDAT", "IEND")), SCAN_BROKEN);
	assert_int_equal(walk_png(6000, 4000, 8, 2, CHUNKS("IDAT", "IEND")), SCAN_TAKEN);
	assert_int_equal(walk_png(6001, 4000, 8, 2, CHUNKS("IDAT", "IEND")), SCAN_TOO_MANY_PIXELS);
	assert_int_equal(walk_png(50000, 50000, 8, 2, CHUNKS("IDAT", "IEND")),
			 SCAN_TOO_MANY_PIXELS);
	assert_int_equal(walk_png(0x80000000u, 1, 8, 2, CHUNKS("IDAT", "IEND")),
			 SCAN_TOO_MANY_PIXELS);
	assert_int_equal(walk_png(299, 600, 8, 2, CHUNKS("IDAT", "IEND")), SCAN_TOO_FEW_PIXELS);
}

/* Every single flipped bit and every cut of a PNG is seen; every cut of a JPEG. */
static void test_damage(void **state UNUSED)
{
	struct buffer png = BUFFER_INIT, jpg = BUFFER_INIT;
	struct scan_header h;
	size_t i;

	png_head(&png, 800, 600, 8, 2);
	chunk(&png, "tEXt", "Comment\0hello", 13);
	chunk(&png, "IDAT", "0123456789012345678901234567890123456789", 40);
	chunk(&png, "IEND", "", 0);
	assert_int_equal(walk(&png, &h), SCAN_TAKEN);
	for (i = 0; i < 8 * png.len; i++) {
		png.data[i / 8] ^= (char)(1 << i % 8);
		assert_int_not_equal(walk(&png, &h), SCAN_TAKEN);
		png.data[i / 8] ^= (char)(1 << i % 8);
	}
	while (png.len--)
		assert_int_not_equal(walk(&png, &h), SCAN_TAKEN);
	jpeg(&jpg, &plain);
	while (jpg.len--)
		assert_int_not_equal(walk(&jpg, &h), SCAN_TAKEN);
	png.len = jpg.len = 0;
	buffer_release(&png);
	buffer_release(&jpg);
}

static void test_behind_png(void **state UNUSED)
{
	struct buffer b = BUFFER_INIT;
	struct scan_header h;

	png_head(&b, 800, 600, 8, 2);
	chunk(&b, "IDAT", "data", 4);
	chunk(&b, "IEND", "", 0);
	buffer_putc(&b, '\0');
	assert_int_equal(walk(&b, &h), SCAN_BROKEN);
	buffer_release(&b);
}

static void test_kinds(void **state UNUSED)
{
	static const struct {
		const char *data;
		size_t n;
		enum scan_result result;
	} cases[] = {
		{ T(""), SCAN_EMPTY },
		{ T("\xff"), SCAN_NOT_A_PICTURE },
		{ T("\xff\xd8\xff"), SCAN_BROKEN },
		{ T("\x89PNG\r\n\x1a\n"), SCAN_BROKEN },
		{ T("GIF89a"), SCAN_NOT_A_PICTURE },
		{ T("<svg xmlns='http://www.w3.org/2000/svg'/>"), SCAN_NOT_A_PICTURE },
		{ T("\0\0\0\x18"
		    "ftypheic\0\0\0\0"),
		  SCAN_HEIC },
		{ T("\0\0\0\x18"
		    "ftypmif1\0\0\0\0"),
		  SCAN_HEIC },
		{ T("\0\0\0\x18"
		    "ftypmp42\0\0\0\0"),
		  SCAN_NOT_A_PICTURE },
		{ T("RIFF\0\0\0\0WEBPVP8 "), SCAN_WEBP },
		{ T("RIFF\0\0\0\0WAVE"), SCAN_NOT_A_PICTURE },
		{ T("%PDF-1.7"), SCAN_PDF },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct buffer b = BUFFER_INIT;
		struct scan_header h;

		buffer_add(&b, cases[i].data, cases[i].n);
		assert_int_equal(walk(&b, &h), cases[i].result);
		buffer_release(&b);
	}
}

/* A picture of exactly the limit, padded behind its end, and one byte more. */
static void test_file_size(void **state UNUSED)
{
	struct buffer b = BUFFER_INIT;
	struct scan_header h;
	size_t fill;

	jpeg(&b, &plain);
	fill = SCAN_FILE_MAX - b.len;
	memset(buffer_room(&b, fill + 1), 0, fill + 1);
	b.len += fill - 1;
	assert_int_equal(walk(&b, &h), SCAN_TAKEN);
	b.len++;
	assert_int_equal(walk(&b, &h), SCAN_TAKEN);
	b.len++;
	assert_int_equal(walk(&b, &h), SCAN_TOO_LARGE);
	buffer_release(&b);
}

/* Every result and every mark has words that end in something to do. */
static void test_words(void **state UNUSED)
{
	int i;

	for (i = 0; i < SCAN_RESULT_COUNT; i++)
		assert_non_null(scan_result_text((enum scan_result)i));
	for (i = SCAN_EMPTY; i < SCAN_RESULT_COUNT; i++)
		assert_non_null(strstr(scan_result_text((enum scan_result)i), "请"));
	for (i = SCAN_BLURRED; i <= SCAN_GLARE; i <<= 1)
		assert_non_null(strstr(scan_mark_text((unsigned)i), "再拍一张"));
	assert_null(scan_mark_text(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),        cmocka_unit_test(test_jpeg_table),
		cmocka_unit_test(test_orientation),  cmocka_unit_test(test_orientation_lies),
		cmocka_unit_test(test_hidden),       cmocka_unit_test(test_trailers),
		cmocka_unit_test(test_trailer_cost), cmocka_unit_test(test_png),
		cmocka_unit_test(test_damage),       cmocka_unit_test(test_behind_png),
		cmocka_unit_test(test_kinds),        cmocka_unit_test(test_file_size),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
