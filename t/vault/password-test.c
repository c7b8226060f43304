/* password-test.c: the stored form of a password, and passwords that do not match. */
#include "vault/password.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* As a log-in does: derived by the stored salt, and compared. */
static bool matches(const char *password, const char *stored)
{
	struct buffer derived = BUFFER_INIT;
	char *salt = strndup(stored, (size_t)(strrchr(stored, '$') - stored));

	password_derive(password, salt, &derived);
	bool same = !strcmp(buffer_text(&derived), stored);
	free(salt);
	buffer_release(&derived);
	return same;
}

static void test_round_trip(void **state UNUSED)
{
	struct buffer one = BUFFER_INIT, two = BUFFER_INIT;

	password_hash("correct horse 电池", &one);
	password_hash("correct horse 电池", &two);
	assert_string_not_equal(one.data, two.data);
	assert_true(matches("correct horse 电池", one.data));
	assert_true(matches("correct horse 电池", two.data));
	assert_false(matches("correct horse 电", one.data));
	assert_false(matches("Correct horse 电池", one.data));
	assert_false(matches("", one.data));
	assert_true(strncmp(one.data, "scrypt$32768$8$1$", 17) == 0);
	buffer_release(&one);
	buffer_release(&two);
}

/* A cost other than today's is read from the stored form. Computed with
 * OpenSSL's own command: kdf -keylen 32, pass "pleaseletmein", salt as below. */
static void test_other_cost(void **state UNUSED)
{
	static const char stored[] =
		"scrypt$1024$8$1$000102030405060708090a0b0c0d0e0f$"
		"c748c7505929341889570635021b87ecdbb2c559646ab1675e344d869d41fde5";

	assert_true(matches("pleaseletmein", stored));
	assert_false(matches("pleaseletmeout", stored));
}

/* An unknown log-in: the same work, and what two times give is not the same. */
static void test_unknown(void **state UNUSED)
{
	struct buffer one = BUFFER_INIT, two = BUFFER_INIT;

	password_derive("correct horse 电池", "", &one);
	password_derive("correct horse 电池", "", &two);
	assert_true(strncmp(one.data, "scrypt$32768$8$1$", 17) == 0);
	assert_string_not_equal(one.data, two.data);
	buffer_release(&one);
	buffer_release(&two);
}

/* A broken row is our own fault, never a way in. */
static void test_malformed(void **state UNUSED)
{
	static const char *const rows[] = {
		"x",
		"scrypt$32768$8$1$00",
		"scrypt$$8$1$000102030405060708090a0b0c0d0e0f",
		"scrypt$1024$8$1$000102030405060708090a0b0c0d0e0f$",
		"scrypt$1024$8$1$000102030405060708090a0b0c0d0e0f0",
		"md5$1024$8$1$000102030405060708090a0b0c0d0e0f",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		pid_t pid = fork();
		int status;

		if (pid == 0) {
			struct buffer out = BUFFER_INIT;

			close(STDERR_FILENO);
			password_derive("pleaseletmein", rows[i], &out);
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		if (WEXITSTATUS(status) != 1)
			fail_msg("\"%s\" did not end the program", rows[i]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_other_cost),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_malformed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
