/* http-test.c: the client against a loopback server that behaves and misbehaves. */
#include "service/http.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <cmocka.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BODY_MAX 64
#define ECHO_MAX 2048
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"

struct server {
	pid_t pid;
	char url[64];
};

/* Answers one connection with `answer`; NULL: reads on without an answer. */
static void NORETURN serve(int listener, const char *answer)
{
	int one = accept(listener, NULL, NULL);
	char request[2048];
	ssize_t n = read(one, request, sizeof(request));

	while (!answer && n > 0)
		n = read(one, request, sizeof(request));
	if (answer && write(one, answer, strlen(answer)) < 0)
		_exit(1);
	close(one);
	_exit(0);
}

/* Answers one connection with what it was sent, head and all. */
static void NORETURN serve_echo(int listener, size_t body_len)
{
	int one = accept(listener, NULL, NULL);
	char request[2048] = HEAD "\r\n", *end = NULL;
	size_t head = strlen(request), n = head;
	ssize_t got = 1;

	while (got > 0 && (!end || n < (size_t)(end - request) + 4 + body_len)) {
		got = read(one, request + n, sizeof(request) - 1 - n);
		n += got > 0 ? (size_t)got : 0;
		request[n] = '\0';
		end = strstr(request + head, "\r\n\r\n");
	}
	if (write(one, request, n) < 0)
		_exit(1);
	close(one);
	_exit(0);
}

static int listen_anywhere(struct server *server)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(listener >= 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&at, size), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&at, &size), 0);
	snprintf(server->url, sizeof(server->url), "http://127.0.0.1:%d/x?secret=s",
		 ntohs(at.sin_port));
	return listener;
}

static void start(struct server *server, const char *answer)
{
	int listener = listen_anywhere(server);

	server->pid = fork();
	assert_true(server->pid >= 0);
	if (!server->pid)
		serve(listener, answer);
	close(listener);
}

static void stop(struct server *server)
{
	kill(server->pid, SIGTERM);
	waitpid(server->pid, NULL, 0);
}

#define CHARS_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
	const char *answer;
	enum http_result result;
	long status;
	const char *body;
} cases[] = {
	{ HEAD "Content-Length: 2\r\n\r\n{}", HTTP_OK, 200, "{}" },
	{ HEAD "\r\n" CHARS_64, HTTP_OK, 200, CHARS_64 },
	{ HEAD "\r\n" CHARS_64 "x", HTTP_TOO_LARGE, 200, "" },
	{ HEAD "Content-Length: 65\r\n\r\n" CHARS_64 "x", HTTP_TOO_LARGE, 200, "" },
	{ HEAD "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", HTTP_OK, 200, "abc" },
	{ HEAD "Content-Length: 10\r\n\r\nabc", HTTP_BROKEN, 200, "" },
	{ "HTTP/1.1 500 Oops\r\nContent-Length: 1\r\nConnection: close\r\n\r\n!", HTTP_OK, 500,
	  "!" },
	/* a redirect is an answer like another; it is not followed */
	{ "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
	  HTTP_OK, 302, "" },
	{ "hello?\r\n", HTTP_BROKEN, 0, "" },
	{ "", HTTP_BROKEN, 0, "" },
};

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct http_answer answer;
		struct server server;
		enum http_result result;

		start(&server, cases[i].answer);
		result = http_get(server.url, BODY_MAX, &answer);
		stop(&server);
		if (result != cases[i].result)
			fail_msg("case %zu: %s, not %s", i, http_result_names[result],
				 http_result_names[cases[i].result]);
		assert_int_equal(answer.status, cases[i].status);
		assert_string_equal(buffer_text(&answer.body), cases[i].body);
		buffer_release(&answer.body);
	}
}

/* The bytes as they are, their length and type, and no waiting for a 100. */
static void check_post(const char *body, size_t n, const char *length)
{
	struct http_answer answer;
	struct server server;
	int listener = listen_anywhere(&server);
	const char *sent;

	server.pid = fork();
	assert_true(server.pid >= 0);
	if (!server.pid)
		serve_echo(listener, n);
	close(listener);
	assert_int_equal(http_post(server.url, "text/x; y=z", body, n, ECHO_MAX, &answer), HTTP_OK);
	stop(&server);
	assert_int_equal(strncmp(answer.body.data, "POST /x?secret=s HTTP/", 22), 0);
	assert_non_null(strstr(answer.body.data, "\r\nContent-Type: text/x; y=z\r\n"));
	assert_non_null(strstr(answer.body.data, length));
	assert_null(strstr(answer.body.data, "Expect:"));
	sent = strstr(answer.body.data, "\r\n\r\n");
	assert_non_null(sent);
	assert_int_equal(answer.body.data + answer.body.len - sent - 4, n);
	assert_true(!n || !memcmp(sent + 4, body, n));
	buffer_release(&answer.body);
}

static void test_post(void **state)
{
	(void)state;
	check_post("{\"a\":\"你好\"}", 14, "\r\nContent-Length: 14\r\n");
	check_post("a\0b", 3, "\r\nContent-Length: 3\r\n");
	check_post(NULL, 0, "\r\nContent-Length: 0\r\n");
}

static void test_nobody_there(void **state)
{
	struct http_answer answer;
	struct server server;

	(void)state;
	close(listen_anywhere(&server));
	assert_int_equal(http_get(server.url, BODY_MAX, &answer), HTTP_REFUSED);
}

static void test_no_answer_in_time(void **state)
{
	struct timespec before, after;
	struct http_answer answer;
	struct server server;
	struct http_request request = { .body_max = BODY_MAX, .total_ms = 1000 };

	(void)state;
	start(&server, NULL);
	request.url = server.url;
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(http_ask(&request, &answer), HTTP_TIMEOUT);
	clock_gettime(CLOCK_MONOTONIC, &after);
	stop(&server);
	assert_in_range(after.tv_sec - before.tv_sec, 0, 3);
}

/* Plain TCP where TLS should be: an untrusted peer, never an answer. */
static void test_not_tls(void **state)
{
	struct http_answer answer;
	struct server server;
	char url[80];

	(void)state;
	start(&server, HEAD "\r\n{}");
	snprintf(url, sizeof(url), "https%s", server.url + strlen("http"));
	assert_int_equal(http_get(url, BODY_MAX, &answer), HTTP_UNTRUSTED);
	stop(&server);
}

static void test_bad_urls(void **state)
{
	static const char *const urls[] = {
		"",
		"x",
		"/etc/passwd",
		"file:///etc/passwd",
		"ftp://127.0.0.1/",
		"gopher://127.0.0.1/",
		"http://192.0.2.1/",
		"http://127.0.0.1.example.cn/",
		"http://127.0.0.1@192.0.2.1/",
		"http://localhost.example.cn/",
		"http:///x",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
		struct http_answer answer;

		if (http_get(urls[i], BODY_MAX, &answer) != HTTP_BAD_URL)
			fail_msg("let through: %s", urls[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),           cmocka_unit_test(test_nobody_there),
		cmocka_unit_test(test_no_answer_in_time), cmocka_unit_test(test_not_tls),
		cmocka_unit_test(test_bad_urls),          cmocka_unit_test(test_post),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
