/* pause-test.c: how long the outbox waits before it tries again. */
#include "base/base.h"

#include <setjmp.h>

#include <cmocka.h>

#include "outbox/outbox.h"

static void test_doubles(void **state)
{
	(void)state;
	assert_int_equal(outbox_pause_ms(1, 0), 10000);
	assert_int_equal(outbox_pause_ms(2, 0), 20000);
	assert_int_equal(outbox_pause_ms(9, 0), 2560000);
	assert_int_equal(outbox_pause_ms(10, 0), 3600000);
	assert_int_equal(outbox_pause_ms(80, 0), 3600000);
	assert_int_equal(outbox_pause_ms(32000, 0), 3600000);
}

static void test_jitter(void **state)
{
	(void)state;
	for (int attempt = 1; attempt <= OUTBOX_ATTEMPTS_MAX; attempt++) {
		int64_t whole = outbox_pause_ms(attempt, 0);

		for (uint32_t random = 1; random > 0 && random < 0xf0000000u; random *= 7) {
			int64_t pause = outbox_pause_ms(attempt, random);

			assert_true(pause <= whole && pause > whole / 2 - 1);
		}
	}
	assert_int_equal(outbox_pause_ms(1, 4999), 5001);
	assert_int_equal(outbox_pause_ms(1, 5000), 10000);
}

static void test_worker_names(void **state)
{
	char one[OUTBOX_WORKER_MAX + 1], two[OUTBOX_WORKER_MAX + 1];

	(void)state;
	outbox_worker_name(one);
	outbox_worker_name(two);
	assert_string_not_equal(one, two);
	assert_non_null(strchr(one, ':'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_doubles),
		cmocka_unit_test(test_jitter),
		cmocka_unit_test(test_worker_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
