/* video-test.c: the walk of recordings built byte by byte, the plan of frames, and
 * the reading of what ffprobe says. */
#include "video/head.h"
#include "video/plan.h"
#include "video/probe.h"

#include <setjmp.h>
#include <cmocka.h>

static void be(struct buffer *b, uint64_t v, int size)
{
	while (size--)
		buffer_putc(b, (char)(v >> 8 * size));
}

static void add(struct buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

/* Begins a box; its size is set when it ends. */
static size_t begin(struct buffer *b, const char *type)
{
	size_t at = b->len;

	be(b, 0, 4);
	add(b, type);
	return at;
}

static void end(struct buffer *b, size_t at)
{
	size_t n = b->len - at;
	int i;

	for (i = 0; i < 4; i++)
		b->data[at + (size_t)i] = (char)(n >> 8 * (3 - i));
}

static void box(struct buffer *b, const char *type, size_t zeros)
{
	size_t at = begin(b, type);

	while (zeros--)
		buffer_putc(b, 0);
	end(b, at);
}

struct recording {
	const char *brand, *compatible, *handler, *extra; /* extra: a box in moov */
	int tracks, moovs;
	uint32_t reference; /* flags of the entry of dref */
	uint32_t scale, duration;
	int version; /* of mvhd */
	bool no_media, no_last_byte;
};

static const struct recording plain = { .brand = "isom",
					.compatible = "mp42",
					.handler = "vide",
					.tracks = 1,
					.moovs = 1,
					.reference = 1,
					.scale = 1000,
					.duration = 6000 };

static void track(struct buffer *b, const struct recording *f)
{
	size_t trak = begin(b, "trak"), mdia, minf, dinf, dref, at;

	at = begin(b, "tkhd");
	be(b, 0, 4);
	for (int i = 0; i < 72; i++)
		buffer_putc(b, 0);
	be(b, 720 << 16, 4);
	be(b, 1280 << 16, 4);
	end(b, at);
	mdia = begin(b, "mdia");
	at = begin(b, "hdlr");
	be(b, 0, 8);
	add(b, f->handler);
	be(b, 0, 8);
	end(b, at);
	minf = begin(b, "minf");
	dinf = begin(b, "dinf");
	dref = begin(b, "dref");
	be(b, 1, 8);
	at = begin(b, "url ");
	be(b, f->reference, 4);
	end(b, at);
	end(b, dref);
	end(b, dinf);
	end(b, minf);
	end(b, mdia);
	end(b, trak);
}

static void head(struct buffer *b, const struct recording *f)
{
	size_t moov = begin(b, "moov"), at = begin(b, "mvhd");

	be(b, (uint64_t)f->version << 24, 4);
	be(b, 0, f->version ? 8 : 4);
	be(b, 0, f->version ? 8 : 4);
	be(b, f->scale, 4);
	be(b, f->duration, f->version ? 8 : 4);
	end(b, at);
	for (int i = 0; i < f->tracks; i++)
		track(b, f);
	if (f->extra)
		box(b, f->extra, 16);
	end(b, moov);
}

static void recording(struct buffer *b, const struct recording *f)
{
	size_t at = begin(b, "ftyp");

	add(b, f->brand);
	be(b, 0, 4);
	add(b, f->compatible);
	end(b, at);
	for (int i = 0; i < f->moovs; i++)
		head(b, f);
	if (!f->no_media)
		box(b, "mdat", 100);
	b->len -= f->no_last_byte;
}

static enum video_verdict walk(const struct recording *f, struct video_head *h)
{
	struct buffer b = BUFFER_INIT;
	enum video_verdict verdict;

	recording(&b, f);
	verdict = video_head_read(b.data, b.len, h);
	buffer_release(&b);
	return verdict;
}

#define WITH(...)                           \
	({                                  \
		struct recording f = plain; \
		struct video_head ignored;  \
		(void)(__VA_ARGS__);        \
		walk(&f, &ignored);         \
	})

static void test_iso(void **state UNUSED)
{
	struct video_head h;

	assert_int_equal(walk(&plain, &h), VIDEO_OK);
	assert_int_equal(h.container, VIDEO_ISO);
	assert_int_equal(h.duration_ms, 6000);
	assert_int_equal(h.width_px, 720);
	assert_int_equal(h.height_px, 1280);
	assert_false(h.sound);
	assert_true(h.matrix_at > 0);
	assert_int_equal(WITH(f.version = 1), VIDEO_OK);
	assert_int_equal(WITH(f.brand = "qt  ", f.compatible = "qt  "), VIDEO_OK);
	assert_int_equal(WITH(f.brand = "abcd"), VIDEO_OK); /* a compatible brand will do */
	assert_int_equal(WITH(f.brand = "abcd", f.compatible = "abcd"), VIDEO_NOT_A_VIDEO);
	assert_int_equal(WITH(f.brand = "heic"), VIDEO_NOT_A_VIDEO);
	assert_int_equal(WITH(f.brand = "avif"), VIDEO_NOT_A_VIDEO);
	assert_int_equal(WITH(f.brand = "M4A "), VIDEO_NOT_A_VIDEO);
	assert_int_equal(WITH(f.handler = "soun"), VIDEO_NOT_A_VIDEO);
	assert_int_equal(WITH(f.tracks = 0), VIDEO_NOT_A_VIDEO);
	assert_int_equal(WITH(f.tracks = 16), VIDEO_OK);
	assert_int_equal(WITH(f.tracks = 17), VIDEO_BROKEN);
	assert_int_equal(WITH(f.moovs = 0), VIDEO_BROKEN);
	assert_int_equal(WITH(f.moovs = 2), VIDEO_BROKEN);
	assert_int_equal(WITH(f.no_media = true), VIDEO_BROKEN);
	assert_int_equal(WITH(f.no_last_byte = true), VIDEO_BROKEN);
	assert_int_equal(WITH(f.reference = 0), VIDEO_NOT_A_VIDEO);
	assert_int_equal(WITH(f.extra = "cmov"), VIDEO_BROKEN);
	assert_int_equal(WITH(f.extra = "mdia"), VIDEO_BROKEN); /* in the wrong place */
	assert_int_equal(WITH(f.extra = "udta"), VIDEO_OK);
}

static void test_durations(void **state UNUSED)
{
	static const struct {
		uint32_t scale, duration;
		int64_t ms;
	} cases[] = {
		{ 600, 3600, 6000 }, { 90000, 90000, 1000 },   { 0, 5, -1 },
		{ 1000, 0, -1 },     { 1000, UINT32_MAX, -1 }, { 1, 60, 60000 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct recording f = plain;
		struct video_head h;

		f.scale = cases[i].scale;
		f.duration = cases[i].duration;
		assert_int_equal(walk(&f, &h), VIDEO_OK);
		assert_int_equal(h.duration_ms, cases[i].ms);
	}
}

/* A recording cut at any byte is refused, and no byte behind its end is read. */
static void test_cut(void **state UNUSED)
{
	struct buffer b = BUFFER_INIT;
	struct video_head h;

	recording(&b, &plain);
	for (size_t n = 0; n < b.len; n++) {
		char *copy = malloc(n ? n : 1);

		assert_non_null(copy);
		memcpy(copy, b.data, n);
		assert_int_not_equal(video_head_read(copy, n, &h), VIDEO_OK);
		free(copy);
	}
	buffer_release(&b);
}

static void test_size(void **state UNUSED)
{
	struct buffer b = BUFFER_INIT;
	struct video_head h;
	size_t fill;

	recording(&b, &plain);
	fill = VIDEO_FILE_MAX - b.len - 8;
	box(&b, "free", fill);
	assert_int_equal(b.len, VIDEO_FILE_MAX);
	assert_int_equal(video_head_read(b.data, b.len, &h), VIDEO_OK);
	assert_int_equal(video_head_read(b.data, b.len - 1, &h), VIDEO_BROKEN);
	buffer_putc(&b, 0);
	assert_int_equal(video_head_read(b.data, b.len, &h), VIDEO_TOO_LARGE);
	buffer_release(&b);
}

#define EBML "\x1a\x45\xdf\xa3"
#define SEGMENT "\x18\x53\x80\x67"
#define OPEN "\x01\xff\xff\xff\xff\xff\xff\xff"
#define TRACKS(type) "\x16\x54\xae\x6b\x85\xae\x83\x83\x81" type
#define CLUSTER "\x1f\x43\xb6\x75"
#define BLOCK "\xe7\x81\x00\xa3\x82\x00\x00"
#define WEBM EBML "\x87\x42\x82\x84webm"

static void test_ebml(void **state UNUSED)
{
#define T(text) text, sizeof(text) - 1
	static const struct {
		const char *data;
		size_t n;
		enum video_verdict verdict;
	} cases[] = {
		{ T(WEBM SEGMENT OPEN TRACKS("\1") CLUSTER OPEN BLOCK), VIDEO_OK },
		{ T(WEBM SEGMENT OPEN TRACKS("\1") CLUSTER OPEN BLOCK CLUSTER "\x87" BLOCK),
		  VIDEO_OK },
		{ T(EBML "\x8b\x42\x82\x88matroska" SEGMENT OPEN TRACKS("\1") CLUSTER OPEN BLOCK),
		  VIDEO_OK },
		{ T(EBML "\x8b\x42\x82\x88matroskb" SEGMENT OPEN TRACKS("\1") CLUSTER OPEN BLOCK),
		  VIDEO_NOT_A_VIDEO },
		{ T(EBML "\x8b\x42\xf2\x81\x05\x42\x82\x84webm" SEGMENT OPEN TRACKS("\1")
			    CLUSTER OPEN BLOCK),
		  VIDEO_NOT_A_VIDEO },
		{ T(WEBM SEGMENT "\x96" TRACKS("\1") CLUSTER "\x87" BLOCK), VIDEO_OK },
		{ T(WEBM SEGMENT "\x96" TRACKS("\1") CLUSTER "\x87" BLOCK "\xec\x80"),
		  VIDEO_BROKEN },
		{ T(WEBM SEGMENT "\x97" TRACKS("\1") CLUSTER "\x87" BLOCK), VIDEO_BROKEN },
		{ T(WEBM SEGMENT OPEN TRACKS("\2") CLUSTER OPEN BLOCK), VIDEO_NOT_A_VIDEO },
		{ T(WEBM SEGMENT OPEN TRACKS("\1")), VIDEO_BROKEN },
		{ T(WEBM SEGMENT OPEN CLUSTER OPEN BLOCK), VIDEO_BROKEN },
		{ T(WEBM SEGMENT OPEN CLUSTER OPEN BLOCK TRACKS("\1")), VIDEO_BROKEN },
		{ T(WEBM SEGMENT OPEN TRACKS("\1") TRACKS("\1") CLUSTER OPEN BLOCK), VIDEO_BROKEN },
		{ T(WEBM SEGMENT OPEN TRACKS("\1") "\x19\x41\xa4\x69\x80" CLUSTER OPEN BLOCK),
		  VIDEO_NOT_A_VIDEO },
		{ T(WEBM SEGMENT OPEN TRACKS("\1") CLUSTER OPEN BLOCK "\x19\x41\xa4\x69\x80"),
		  VIDEO_NOT_A_VIDEO },
		{ T(WEBM SEGMENT OPEN TRACKS("\1") CLUSTER OPEN BLOCK "\x99\x80"), VIDEO_BROKEN },
		{ T(WEBM SEGMENT OPEN TRACKS("\1") CLUSTER OPEN "\xa3\xff"), VIDEO_BROKEN },
		{ T(WEBM SEGMENT OPEN TRACKS("\1") CLUSTER OPEN "\xa3\x85\0"), VIDEO_BROKEN },
		{ T(WEBM), VIDEO_BROKEN },
		{ T(WEBM SEGMENT), VIDEO_BROKEN },
		{ T(EBML), VIDEO_NOT_A_VIDEO },
		{ T(EBML "\x00"), VIDEO_NOT_A_VIDEO },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct video_head h;

		if (video_head_read(cases[i].data, cases[i].n, &h) != cases[i].verdict)
			fail_msg("case %zu", i);
	}
}

static void test_sniff(void **state UNUSED)
{
	assert_int_equal(video_sniff("", 0), VIDEO_UNKNOWN);
	assert_int_equal(video_sniff("\0\0\0\x10"
				     "ftypisom\0\0\0\0",
				     16),
			 VIDEO_ISO);
	assert_int_equal(video_sniff("\0\0\0\x10"
				     "ftypisom\0\0\0",
				     15),
			 VIDEO_UNKNOWN);
	assert_int_equal(video_sniff("\0\0\0\x0f"
				     "ftypisom\0\0\0\0",
				     16),
			 VIDEO_UNKNOWN);
	assert_int_equal(video_sniff("\0\0\0\x10"
				     "ftypheic\0\0\0\0",
				     16),
			 VIDEO_UNKNOWN);
	assert_int_equal(video_sniff(WEBM, sizeof(WEBM) - 1), VIDEO_MATROSKA);
	assert_int_equal(video_sniff("\xff\xd8\xff\xe0 a JPEG all along", 20), VIDEO_UNKNOWN);
	assert_string_equal(video_media_type(VIDEO_ISO), "video/mp4");
	assert_string_equal(video_media_type(VIDEO_MATROSKA), "video/webm");
	assert_null(video_media_type(VIDEO_UNKNOWN));
}

static void test_plan(void **state UNUSED)
{
	static const int marks[] = { 1000, 1700 };
	struct video_plan p;
	struct buffer filter = BUFFER_INIT;
	int many[VIDEO_ACTIONS_MAX];

	video_plan_make(NULL, 0, &p);
	assert_int_equal(p.count, 1);
	assert_int_equal(p.at[0].action, VIDEO_ACTION_NONE);
	video_plan_make(marks, 2, &p);
	/* 0.2, 1.5, then the next: 2.2, 2.9, 3.7 */
	video_plan_filter(&p, &filter);
	assert_string_equal(buffer_text(&filter),
			    "select='eq(n,3)+eq(n,23)+eq(n,33)+eq(n,44)+eq(n,56)'");
	assert_int_equal(p.at[2].action, 1);
	assert_int_equal(p.at[1].action, 0);
	buffer_release(&filter);
	for (int i = 0; i < VIDEO_ACTIONS_MAX; i++)
		many[i] = 5000 * i;
	video_plan_make(many, VIDEO_ACTIONS_MAX, &p);
	assert_int_equal(p.count, VIDEO_FRAMES_MAX);
	for (int i = 1; i < p.count; i++)
		assert_true(p.at[i].number > p.at[i - 1].number);
	many[0] = -5;
	many[1] = INT32_MAX;
	video_plan_make(many, 2, &p);
	assert_int_equal(p.count, 1 + VIDEO_FRAMES_PER_ACTION);
}

#define JPEG \
	"\xff\xd8\xff\xc0\0\x0b\x08\0\x10\0\x20\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\xff\0\x34\xff\xd9"

static void test_cut_frames(void **state UNUSED)
{
	static const struct {
		const char *data;
		size_t n;
		int frames; /* -1: refused */
	} cases[] = {
		{ T(JPEG), 1 },
		{ T(JPEG JPEG), 2 },
		{ T(""), -1 },
		{ T(JPEG "x"), -1 },
		{ T("x" JPEG), -1 },
		{ T(JPEG JPEG JPEG), -1 },
		{ T("\xff\xd8\xff\xd9"), -1 },
		{ T("\xff\xd8\xff\xda\0\2\xff\xd9"), -1 },
	};
	struct video_plan p = { .count = 2, .at = { { 3, -1 }, { 20, 0 } } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct video_result r = { .clip = BUFFER_INIT };
		bool good = video_plan_cut(&p, cases[i].data, cases[i].n, &r);

		assert_int_equal(good ? r.frame_count : -1, cases[i].frames);
		if (good) {
			assert_int_equal(r.frame[0].width_px, 32);
			assert_int_equal(r.frame[0].height_px, 16);
			assert_int_equal(r.frame[0].at_ms, 200);
			assert_int_equal(video_plan_is_met(&r, 1), r.frame_count == 2);
		}
		video_result_release(&r);
	}
	for (size_t n = 0; n < sizeof(JPEG) - 1; n++) {
		struct video_result r = { .clip = BUFFER_INIT };

		assert_false(video_plan_cut(&p, JPEG, n, &r));
		video_result_release(&r);
	}
}

static void test_sizes(void **state UNUSED)
{
	static const struct {
		int width, height, short_px, long_px, to_width, to_height;
	} cases[] = {
		{ 1280, 720, 480, 0, 852, 480 },   { 720, 1280, 480, 1280, 480, 852 },
		{ 480, 852, 0, 640, 360, 640 },    { 320, 240, 480, 1280, 320, 240 },
		{ 241, 321, 480, 1280, 240, 320 }, { 4096, 240, 480, 1280, 1280, 74 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int w = cases[i].width, h = cases[i].height;

		video_plan_size(&w, &h, cases[i].short_px, cases[i].long_px);
		assert_int_equal(w, cases[i].to_width);
		assert_int_equal(h, cases[i].to_height);
	}
}

#define STREAM(type, codec, more) \
	"[STREAM]\ncodec_name=" codec "\ncodec_type=" type "\n" more "[/STREAM]\n"
#define SIZE(w, h) "width=" w "\nheight=" h "\n"
#define TURN(degrees) "[SIDE_DATA]\nrotation=" degrees "\n[/SIDE_DATA]\n"
#define LASTS(s) "[FORMAT]\nduration=" s "\n[/FORMAT]\n"

static void test_probe(void **state UNUSED)
{
	static const struct {
		const char *said;
		enum video_verdict verdict;
		int turn;
		bool sound;
	} cases[] = {
		{ STREAM("video", "h264", SIZE("1280", "720") TURN("-90"))
			  STREAM("audio", "aac", "") LASTS("6.0"),
		  VIDEO_OK, 1, true },
		{ STREAM("audio", "opus", "") STREAM("video", "vp8", SIZE("720", "1280"))
			  LASTS("N/A"),
		  VIDEO_OK, 0, true },
		{ STREAM("video", "hevc", SIZE("720", "1280") TURN("180")) LASTS("2.0"), VIDEO_OK,
		  2, false },
		{ STREAM("video", "vp9", SIZE("720", "1280") TURN("90")), VIDEO_OK, 3, false },
		{ STREAM("video", "vp9", SIZE("720", "1280") TURN("45")), VIDEO_OK, 0, false },
		{ STREAM("video", "h264", SIZE("720", "1280")) STREAM("audio", "pcm_s16le", ""),
		  VIDEO_OK, 0, false },
		{ STREAM("video", "mpeg4", SIZE("720", "1280")), VIDEO_BROKEN, 0, false },
		{ STREAM("audio", "aac", ""), VIDEO_NOT_A_VIDEO, 0, true },
		{ "", VIDEO_NOT_A_VIDEO, 0, false },
		{ STREAM("video", "h264", ""), VIDEO_BROKEN, 0, false },
		{ STREAM("video", "h264", SIZE("-5", "9")), VIDEO_BROKEN, 0, false },
		{ STREAM("video", "h264", SIZE("240", "240")), VIDEO_OK, 0, false },
		{ STREAM("video", "h264", SIZE("239", "900")), VIDEO_TOO_SMALL, 0, false },
		{ STREAM("video", "h264", SIZE("4096", "2304")), VIDEO_OK, 0, false },
		{ STREAM("video", "h264", SIZE("4096", "2305")), VIDEO_TOO_COSTLY, 0, false },
		{ STREAM("video", "h264", SIZE("4097", "300")), VIDEO_TOO_COSTLY, 0, false },
		/* all pictures together: 1080p for a minute, and more */
		{ STREAM("video", "h264", SIZE("1920", "1080") "nb_read_packets=1800\n"), VIDEO_OK,
		  0, false },
		{ STREAM("video", "h264", SIZE("2000", "2000") "nb_read_packets=1000\n"), VIDEO_OK,
		  0, false },
		{ STREAM("video", "h264", SIZE("2000", "2000") "nb_read_packets=1001\n"),
		  VIDEO_TOO_COSTLY, 0, false },
		{ STREAM("video", "h264", SIZE("4096", "2304") "nb_read_packets=7200\n")
			  LASTS("30.0"),
		  VIDEO_TOO_COSTLY, 0, false },
		{ STREAM("video", "h264",
			 SIZE("720", "720") "nb_read_packets=9223372036854775807\n"),
		  VIDEO_TOO_COSTLY, 0, false },
		{ STREAM("video", "h264", SIZE("720", "720") "nb_read_packets=-7\n"), VIDEO_OK, 0,
		  false },
		{ STREAM("video", "h264", SIZE("720", "720") "nb_read_packets=N/A\n"), VIDEO_OK, 0,
		  false },
		{ STREAM("video", "h264", SIZE("99999999999999999999", "300")), VIDEO_BROKEN, 0,
		  false },
		{ STREAM("video", "h264", SIZE("720", "720")) LASTS("60.0"), VIDEO_OK, 0, false },
		{ STREAM("video", "h264", SIZE("720", "720")) LASTS("60.1"), VIDEO_TOO_LONG, 0,
		  false },
		{ STREAM("video", "h264", SIZE("720", "720")) LASTS("1e99"), VIDEO_TOO_LONG, 0,
		  false },
		{ STREAM("video", "h264", SIZE("720", "720")) LASTS("1.9"), VIDEO_TOO_SHORT, 0,
		  false },
		{ STREAM("video", "h264", SIZE("720", "720")) LASTS("-3"), VIDEO_OK, 0, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct video_probe p;

		video_probe_read(cases[i].said, &p);
		if (video_probe_judge(&p) != cases[i].verdict || p.turn != cases[i].turn ||
		    p.sound != cases[i].sound)
			fail_msg("case %zu: %s", i, video_verdict_names[video_probe_judge(&p)]);
	}
}

/* Every verdict has a name of its own and, but for the good one, says what to do. */
static void test_words(void **state UNUSED)
{
	for (int i = 0; i < VIDEO_VERDICT_COUNT; i++) {
		assert_non_null(video_verdict_names[i]);
		assert_non_null(video_verdict_words[i]);
		assert_true(i == VIDEO_OK || strstr(video_verdict_words[i], "请"));
		for (int k = 0; k < i; k++)
			assert_string_not_equal(video_verdict_names[i], video_verdict_names[k]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_iso),   cmocka_unit_test(test_durations),
		cmocka_unit_test(test_cut),   cmocka_unit_test(test_size),
		cmocka_unit_test(test_ebml),  cmocka_unit_test(test_sniff),
		cmocka_unit_test(test_plan),  cmocka_unit_test(test_cut_frames),
		cmocka_unit_test(test_sizes), cmocka_unit_test(test_probe),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
