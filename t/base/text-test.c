/* text-test.c: UTF-8, buffers and working time. */
#include "base/utf8.h"
#include "base/worktime.h"

#include <setjmp.h>

#include <cmocka.h>

/* The border cases of RFC 3629 and Unicode table 3-7. */
static const struct {
	const char *bytes;
	bool valid;
} sequences[] = {
	{ "", true },
	{ "a", true },
	{ "\x7f", true },
	{ "\x80", false },
	{ "\xbf", false },
	{ "\xc0\x80", false }, /* overlong NUL */
	{ "\xc1\xbf", false },
	{ "\xc2\x80", true },
	{ "\xdf\xbf", true },
	{ "\xc2", false },
	{ "\xc2\x41", false },
	{ "\xe0\x9f\xbf", false }, /* overlong */
	{ "\xe0\xa0\x80", true },
	{ "\xed\x9f\xbf", true },
	{ "\xed\xa0\x80", false }, /* surrogates */
	{ "\xed\xbf\xbf", false },
	{ "\xee\x80\x80", true },
	{ "\xef\xbf\xbd", true },
	{ "\xe4\xb8", false },
	{ "\xf0\x8f\xbf\xbf", false }, /* overlong */
	{ "\xf0\x90\x80\x80", true },
	{ "\xf4\x8f\xbf\xbf", true },
	{ "\xf4\x90\x80\x80", false }, /* above U+10FFFF */
	{ "\xf5\x80\x80\x80", false },
	{ "\xf0\x9f\x98", false },
	{ "\xff", false },
	{ "\xfe\xff", false },
	{ "ok\xe4\xb8\xad\xf0\x9f\x98\x80ok", true },
	{ "ok\xe4\xb8\xad\x80", false },
};

static void test_valid(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++)
		if (utf8_valid(sequences[i].bytes, strlen(sequences[i].bytes)) !=
		    sequences[i].valid)
			fail_msg("sequence %zu", i);
	assert_false(utf8_valid("a\0b", 3));
	assert_true(utf8_valid("a\xe4\xb8\xad", 4));
	assert_false(utf8_valid("a\xe4\xb8\xad", 3)); /* cut off */
}

/* Every character goes there and back. */
static void test_round_trip(void **state UNUSED)
{
	struct buffer b = BUFFER_INIT;

	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		const char *at;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		buffer_reset(&b);
		utf8_put(&b, c);
		at = b.data;
		if (!utf8_valid(b.data, b.len) || utf8_length(b.data) != 1 || utf8_next(&at) != c ||
		    *at)
			fail_msg("U+%04X", c);
	}
	buffer_release(&b);
}

static void test_control(void **state UNUSED)
{
	static const uint32_t bad[] = { 0x01,   0x09,   0x0a,   0x0d,    0x1b,    0x1f,   0x7f,
					0x80,   0x85,   0x9f,   0x61c,   0x200e,  0x200f, 0x2028,
					0x2029, 0x202a, 0x202e, 0x2066,  0x2069,  0xfdd0, 0xfdef,
					0xfeff, 0xfffe, 0xffff, 0x1ffff, 0x10fffe };
	static const uint32_t good[] = { 0x20,   0x7e,   0xa0,   0xb7,   0x2027, 0x202f,  0x2065,
					 0x3000, 0x4e2d, 0xfdcf, 0xfdf0, 0xfffd, 0x1f600, 0x20bb7 };
	struct buffer b = BUFFER_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(bad) + ARRAY_SIZE(good); i++) {
		bool is_bad = i < ARRAY_SIZE(bad);
		uint32_t c = is_bad ? bad[i] : good[i - ARRAY_SIZE(bad)];

		buffer_reset(&b);
		buffer_puts(&b, "中");
		utf8_put(&b, c);
		if (utf8_has_control(b.data, false) != is_bad)
			fail_msg("U+%04X", c);
		if (c == '\t' || c == '\n' || c == '\r')
			is_bad = false;
		if (utf8_has_control(b.data, true) != is_bad)
			fail_msg("U+%04X in lines", c);
	}
	buffer_release(&b);
}

static void test_tidy(void **state UNUSED)
{
	static const char *const rows[][2] = {
		{ "珠海横琴星辰科技合伙企业（有限合伙）", "珠海横琴星辰科技合伙企业（有限合伙）" },
		{ " （北京）　有限公司 ", "（北京） 有限公司" },
		{ "一汽—大众《语文报》＆Ａ１", "一汽—大众《语文报》＆Ａ１" },
		{ "赣州\u200b恒信\ufeff有限\u00ad公司", "赣州恒信有限公司" },
		{ "赣州恒信\u2f45\u2f65科技", "赣州恒信\u65b9\u7530科技" },
		{ "葛\U000e0100城\ufe00", "葛城" }, /* variation selectors */
		{ "\u200b \u2060", "" },
		{ "a \u200b b", "a b" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct buffer b = BUFFER_INIT;

		utf8_tidy(rows[i][0], &b);
		assert_string_equal(buffer_text(&b), rows[i][1]);
		buffer_release(&b);
	}
}

static void test_same(void **state UNUSED)
{
	assert_true(utf8_same("阿依古丽·买买提", "阿依古丽\u2022买买提"));
	assert_true(utf8_same("Sean O\u2019Brien", "SEAN O'BRIEN"));
	assert_true(utf8_same("（有限合伙）", "(有限合伙)"));
	assert_true(utf8_same("", "\u200b"));
	assert_false(utf8_same("张三", "张三丰"));
	assert_false(utf8_same("张三", "李四"));
	assert_false(utf8_same("买买提·艾", "买买提艾"));
}

static void test_fold(void **state UNUSED)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "　", "" },
		{ "ａｂｃＸＹＺ０１２", "abcXYZ012" },
		{ "！～", "!~" },
		{ "（北京）　有限公司 ", "(北京) 有限公司" },
		{ "  a \xc2\xa0　b  ", "a b" },
		{ "中文，不变。", "中文,不变。" },
		{ "😀", "😀" },
		{ "138\u20110013\u20138000", "138-0013-8000" },
		{ "9144\u20050300\u200b70", "9144 030070" },
		{ "阿依古丽\u2022买买提", "阿依古丽·买买提" },
		{ "O\u2019Brien", "O'Brien" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct buffer b = BUFFER_INIT;

		utf8_fold(rows[i][0], &b);
		assert_string_equal(buffer_text(&b), rows[i][1]);
		buffer_release(&b);
	}
}

static void test_length(void **state UNUSED)
{
	assert_int_equal(utf8_length(""), 0);
	assert_int_equal(utf8_length("a中😀"), 3);
}

static void test_buffer(void **state UNUSED)
{
	struct buffer b = BUFFER_INIT;
	char *text;

	assert_string_equal(buffer_text(&b), "");
	buffer_add(&b, NULL, 0);
	assert_string_equal(b.data, "");
	for (int i = 0; i < 1000; i++)
		buffer_printf(&b, "%03d,", i);
	assert_int_equal(b.len, 4000);
	assert_memory_equal(b.data + 3996, "999,", 5);
	buffer_reset(&b);
	assert_string_equal(b.data, "");
	buffer_add(&b, "a\0b", 3);
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.data, "a\0b", 4);
	text = buffer_detach(&b);
	assert_null(b.data);
	assert_memory_equal(text, "a\0b", 4);
	free(text);
	buffer_wipe(&b);
}

/* 2026-01-05 is a Monday; times are China's. */
#define MONDAY 1767542400
#define AT(day, hour) (MONDAY + (int64_t)(day)*86400 + (hour)*3600)

static void test_worktime(void **state UNUSED)
{
	static const struct {
		int64_t from, to, hours;
	} rows[] = {
		{ AT(0, 9), AT(0, 10), 1 },    { AT(0, 8), AT(0, 10), 1 }, /* before work */
		{ AT(0, 17), AT(0, 20), 1 }, /* after work */
		{ AT(0, 0), AT(1, 0), 9 }, /* a day */
		{ AT(0, 12), AT(1, 12), 9 },   { AT(4, 17), AT(7, 10), 2 }, /* over a weekend */
		{ AT(5, 10), AT(6, 20), 0 }, /* within one */
		{ AT(0, 0), AT(7, 0), 45 }, /* a week */
		{ AT(0, 0), AT(28, 12), 183 }, { AT(1, 0), AT(0, 0), 0 }, /* backwards */
	};
	static const struct {
		int64_t seconds;
		const char *text;
	} words[] = {
		{ 0, "不到 1 小时" },       { 3599, "不到 1 小时" },
		{ 3600, "1 小时" },         { 9 * 3600 - 1, "8 小时" },
		{ 9 * 3600, "1 个工作日" }, { 90 * 3600, "10 个工作日" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (worktime_between(rows[i].from, rows[i].to) != rows[i].hours * 3600)
			fail_msg("row %zu", i);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct buffer b = BUFFER_INIT;

		worktime_text(words[i].seconds, &b);
		assert_string_equal(b.data, words[i].text);
		buffer_release(&b);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),    cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_control),  cmocka_unit_test(test_fold),
		cmocka_unit_test(test_tidy),     cmocka_unit_test(test_same),
		cmocka_unit_test(test_length),   cmocka_unit_test(test_buffer),
		cmocka_unit_test(test_worktime),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
