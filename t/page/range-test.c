/* range-test.c: which piece of an answer a Range header asks for (RFC 9110, 14). */
#include "page/range.h"

#include <setjmp.h>
#include <cmocka.h>

static void test_cases(void **state UNUSED)
{
	static const struct {
		const char *header;
		size_t n;
		enum range_kind kind;
		size_t first, count;
	} cases[] = {
		{ NULL, 100, RANGE_WHOLE, 0, 100 },
		{ "", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes=0-", 100, RANGE_PART, 0, 100 },
		{ "bytes=0-0", 100, RANGE_PART, 0, 1 },
		{ "bytes=99-99", 100, RANGE_PART, 99, 1 },
		{ "bytes=99-", 100, RANGE_PART, 99, 1 },
		{ "bytes=100-", 100, RANGE_OUTSIDE, 0, 100 },
		{ "bytes=0-100", 100, RANGE_PART, 0, 100 },
		{ "bytes=50-999999999999999", 100, RANGE_PART, 50, 50 },
		{ "bytes=50-9999999999999999", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes=18446744073709551616-", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes=-1", 100, RANGE_PART, 99, 1 },
		{ "bytes=-100", 100, RANGE_PART, 0, 100 },
		{ "bytes=-101", 100, RANGE_PART, 0, 100 },
		{ "bytes=-0", 100, RANGE_OUTSIDE, 100, 0 },
		{ "bytes=-", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes=--1", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes=5-4", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes=5", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes=5-6x", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes=0-1,3-4", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes= 0-1", 100, RANGE_WHOLE, 0, 100 },
		{ "lines=0-1", 100, RANGE_WHOLE, 0, 100 },
		{ "bytes=0-", 0, RANGE_WHOLE, 0, 0 },
		{ "bytes=-5", 0, RANGE_WHOLE, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t first, count;
		enum range_kind kind = range_read(cases[i].header, cases[i].n, &first, &count);

		if (kind != cases[i].kind || first != cases[i].first || count != cases[i].count)
			fail_msg("%s of %zu: %d, %zu from %zu", cases[i].header, cases[i].n,
				 (int)kind, count, first);
	}
}

static void test_cut(void **state UNUSED)
{
	struct reply r;

	reply_init(&r);
	buffer_puts(&r.body, "0123456789");
	range_cut(&r, "bytes=3-5");
	assert_int_equal(r.status, 206);
	assert_string_equal(buffer_text(&r.body), "345");
	assert_non_null(strstr(buffer_text(&r.header), "Content-Range: bytes 3-5/10\r\n"));
	buffer_release(&r.body);
	buffer_release(&r.header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
