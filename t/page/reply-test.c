/* reply-test.c: header values cannot add headers or end them. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "page/reply.h"

/* Runs `act` in a child with its output in `out`; gives the exit status. */
static int in_child(void (*act)(const char *), const char *argument, char *out, size_t size)
{
	int fd[2], status;
	ssize_t n;
	size_t len = 0;
	pid_t pid;

	assert_int_equal(pipe(fd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fd[1], STDOUT_FILENO);
		close(fd[0]);
		close(fd[1]);
		close(STDERR_FILENO);
		act(argument);
		_exit(0);
	}
	close(fd[1]);
	while ((n = read(fd[0], out + len, size - 1 - len)) > 0)
		len += (size_t)n;
	out[len] = '\0';
	close(fd[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void send_with_header(const char *value)
{
	struct reply r;

	reply_init(&r);
	reply_header(&r, "X-Test", value);
	buffer_puts(&r.body, "body");
	reply_send(&r, false);
}

static void send_with_cookie(const char *value)
{
	struct reply r;

	reply_init(&r);
	reply_cookie(&r, "yj", value, 0, true);
	reply_send(&r, false);
}

static void send_redirect(const char *path)
{
	struct reply r;

	reply_init(&r);
	reply_redirect(&r, path);
	reply_send(&r, false);
}

static void send_head(const char *unused UNUSED)
{
	struct reply r;

	reply_init(&r);
	buffer_puts(&r.body, "body");
	reply_send(&r, true);
}

static void test_whole(void **state UNUSED)
{
	static const char *const needed[] = {
		"Status: 200 OK\r\n",
		"Content-Type: text/html; charset=utf-8\r\n",
		"Content-Length: 4\r\n",
		"Cache-Control: no-store\r\n",
		"default-src 'none'",
		"frame-ancestors 'none'",
		"base-uri 'none'",
		"X-Content-Type-Options: nosniff\r\n",
		"Referrer-Policy: same-origin\r\n",
		"X-Request-Number: number7\r\n",
		"X-Test: 1\r\n",
		"\r\n\r\nbody",
	};
	char out[4096];

	log_identify("test", "number7");
	assert_int_equal(in_child(send_with_header, "1", out, sizeof(out)), 0);
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!strstr(out, needed[i]))
			fail_msg("no %s", needed[i]);
	assert_null(strstr(out, "unsafe"));
}

static void test_head(void **state UNUSED)
{
	char out[4096];

	assert_int_equal(in_child(send_head, NULL, out, sizeof(out)), 0);
	assert_non_null(strstr(out, "Content-Length: 4\r\n"));
	assert_string_equal(out + strlen(out) - 4, "\r\n\r\n");
}

static void test_header_injection(void **state UNUSED)
{
	static const char *const values[] = { "a\r\nSet-Cookie: x=y", "a\nb", "a\rb", "a\x01",
					      "a\x7f" };
	char out[4096];

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		assert_int_equal(in_child(send_with_header, values[i], out, sizeof(out)), 1);
		assert_string_equal(out, "");
	}
}

static void test_cookie(void **state UNUSED)
{
	static const char *const values[] = {
		"a;b", "a b", "a,b", "a\"b", "a\r\nb", "\xe8\xb5\xa3"
	};
	char out[4096];

	assert_int_equal(in_child(send_with_cookie, "0af", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "\r\nSet-Cookie: __Host-yj=0af; Path=/; HttpOnly; "
				    "SameSite=Lax; Secure\r\n"));
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		assert_int_equal(in_child(send_with_cookie, values[i], out, sizeof(out)), 1);
}

static void test_redirect(void **state UNUSED)
{
	static const char *const elsewhere[] = { "//example.org/", "/\\example.org", "",
						 "https://example.org/", "/a\r\nX: y" };
	char out[4096];

	assert_int_equal(in_child(send_redirect, "/apply/mine", out, sizeof(out)), 0);
	assert_non_null(strstr(out, "Status: 303 See Other\r\n"));
	assert_non_null(strstr(out, "\r\nLocation: /apply/mine\r\n"));
	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++)
		assert_int_equal(in_child(send_redirect, elsewhere[i], out, sizeof(out)), 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_header_injection),
		cmocka_unit_test(test_cookie),
		cmocka_unit_test(test_redirect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
