/* money-test.c: fen to yuan and back. */
#include "base/money.h"

#include <setjmp.h>

#include <cmocka.h>

static const struct {
	const char *text;
	int64_t fen;
} amounts[] = {
	{ "0.00", 0 },
	{ "0.01", 1 },
	{ "-0.01", -1 },
	{ "200.00", 20000 },
	{ "9999999999.99", 999999999999 },
	{ "-9999999999.99", -999999999999 },
};

static void test_both_ways(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(amounts); i++) {
		struct buffer text = BUFFER_INIT;
		int64_t fen = -7;

		money_yuan(&text, amounts[i].fen);
		assert_string_equal(buffer_text(&text), amounts[i].text);
		assert_true(money_read(amounts[i].text, &fen));
		assert_int_equal(fen, amounts[i].fen);
		buffer_release(&text);
	}
}

static void test_short_forms(void **state UNUSED)
{
	int64_t fen;

	assert_true(money_read("7", &fen));
	assert_int_equal(fen, 700);
	assert_true(money_read("7.5", &fen));
	assert_int_equal(fen, 750);
	assert_true(money_read("007.05", &fen));
	assert_int_equal(fen, 705);
}

static void test_refused(void **state UNUSED)
{
	static const char *const bad[] = {
		"",  ".5",  "5.",  "1.234", "+1", " 1",   "1 ",  "1,000", "--1",
		"-", "1e3", "0x1", "1.2.3", "一", "1.-2", "nan", "1.2a",  "12345678901"
	};
	int64_t fen = 42;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(money_read(bad[i], &fen));
	assert_int_equal(fen, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ways),
		cmocka_unit_test(test_short_forms),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
