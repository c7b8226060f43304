/* request-test.c: requests of browsers, and malformed ones. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "page/request.h"

#define CD "Content-Disposition: form-data; name="

static const char form[] =
	"--xx\r\n" CD "\"name\"\r\n\r\n赣州\r\n"
	"--xx\r\n" CD "\"licence\"; filename=\"照片 1.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
	"\xff\xd8\r\n--x\r\n--xy\r-\xff\xd9\r\n"
	"--xx\r\n" CD "\"unused\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n"
	"\r\n"
	"--xx\r\n" CD "\"name\"\r\n\r\nsecond\r\n"
	"--xx--\r\nepilogue --xx";
static const char file_bytes[] = "\xff\xd8\r\n--x\r\n--xy\r-\xff\xd9";

static enum request_result feed(struct request *r, const char *boundary, const char *body, size_t n,
				size_t piece)
{
	struct multipart *m = multipart_new(boundary, r);
	enum request_result result;

	for (size_t i = 0; i < n; i += piece)
		if (multipart_feed(m, body + i, n - i < piece ? n - i : piece) != REQUEST_OK)
			break;
	result = multipart_end(m);
	multipart_free(m);
	return result;
}

static enum request_result feed_text(struct request *r, const char *body)
{
	return feed(r, "xx", body, strlen(body), strlen(body));
}

static void check_form(const struct request *r)
{
	char bytes[64];

	assert_int_equal(r->field_count, 2);
	assert_string_equal(request_field(r, "name"), "赣州");
	assert_int_equal(r->file_count, 1);
	assert_string_equal(r->file[0].name, "licence");
	assert_string_equal(r->file[0].file_name, "照片 1.jpg");
	assert_int_equal(r->file[0].size, sizeof(file_bytes) - 1);
	assert_int_equal(read(r->file[0].fd, bytes, sizeof(bytes)), sizeof(file_bytes) - 1);
	assert_memory_equal(bytes, file_bytes, sizeof(file_bytes) - 1);
}

static void test_pieces(void **state UNUSED)
{
	for (size_t piece = 1; piece <= sizeof(form); piece++) {
		struct request *r = request_new();

		assert_int_equal(feed(r, "xx", form, sizeof(form) - 1, piece), REQUEST_OK);
		check_form(r);
		request_free(r);
	}
}

/* Cut off at every byte before the last delimiter's end: never taken as whole. */
static void test_cut_off(void **state UNUSED)
{
	size_t whole = (size_t)(strstr(form, "--xx--") - form) + 6;

	for (size_t n = 0; n < sizeof(form); n++) {
		struct request *r = request_new();
		enum request_result result = feed(r, "xx", form, n, 7);

		assert_int_equal(result, n < whole ? REQUEST_CUT_OFF : REQUEST_OK);
		request_free(r);
	}
}

static void test_oddities(void **state UNUSED)
{
	static const struct {
		const char *body;
		enum request_result result;
		const char *name, *value, *file_name; /* of the first field or file */
	} cases[] = {
		{ "--xx\r\n" CD "\"a\"\r\n\r\n1\r\n--xx--", REQUEST_OK, "a", "1", NULL },
		{ "preamble\r\n--xx\r\n" CD "a\r\n\r\n1\r\n--xx--", REQUEST_OK, "a", "1", NULL },
		{ "\r\n--xx \t\r\n" CD "a\r\n\r\n1\r\n--xx-- x", REQUEST_OK, "a", "1", NULL },
		{ "--xx\r\ncontent-disposition:form-data;NAME=a\r\n\r\n1\r\n--xx--", REQUEST_OK,
		  "a", "1", NULL },
		{ "--xx\r\nX: y\r\n" CD "\"a\" ; x=\"; name=b\"\r\n\r\n\r\n--xx--", REQUEST_OK, "a",
		  "", NULL },
		{ "--xx\r\n" CD "a; filename=\"q\\\"\\\\C:\\x.jpg\"\r\n\r\n1\r\n--xx--", REQUEST_OK,
		  "a", NULL, "q\"\\C:\\x.jpg" },
		{ "--xx\r\n" CD "a; filename*=UTF-8''x.jpg\r\n\r\n1\r\n--xx--", REQUEST_OK, "a",
		  "1", NULL },
		{ "--xx\r\n" CD "a; filename=b; filename*=UTF-8''x\r\n\r\n1\r\n--xx--", REQUEST_OK,
		  "a", NULL, "b" },
		{ "--xx\r\n" CD "a; filename=\"\xff\"\r\n\r\n1\r\n--xx--", REQUEST_OK, "a", NULL,
		  "" },
		{ "--xx\r\n" CD "a\r\nContent-Transfer-Encoding: 8bit\r\n\r\n1\r\n--xx--",
		  REQUEST_OK, "a", "1", NULL },
		{ "--xx--\r\n", REQUEST_OK, NULL, NULL, NULL },
		{ "--xx\r\n" CD "a\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==\r\n--xx--",
		  REQUEST_BAD_SYNTAX, NULL, NULL, NULL },
		{ "--xx\r\n" CD "\"a\r\n\r\n1\r\n--xx--", REQUEST_BAD_SYNTAX, NULL, NULL, NULL },
		{ "--xx\r\n" CD "\"a\" x\r\n\r\n1\r\n--xx--", REQUEST_BAD_SYNTAX, NULL, NULL,
		  NULL },
		{ "--xx\r\n" CD "\"\xff\"\r\n\r\n1\r\n--xx--", REQUEST_BAD_TEXT, NULL, NULL, NULL },
		{ "--xx\r\nContent-Type: text/plain\r\n\r\n1\r\n--xx--", REQUEST_BAD_SYNTAX, NULL,
		  NULL, NULL },
		{ "--xx\r\n\r\n1\r\n--xx--", REQUEST_BAD_SYNTAX, NULL, NULL, NULL },
		{ "--xx\r\n" CD "a\r\n" CD "b\r\n\r\n1\r\n--xx--", REQUEST_BAD_SYNTAX, NULL, NULL,
		  NULL },
		{ "--xx\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--xx--",
		  REQUEST_BAD_SYNTAX, NULL, NULL, NULL },
		{ "--xx\r\n" CD "a\r\n folded: 1\r\n\r\n1\r\n--xx--", REQUEST_BAD_SYNTAX, NULL,
		  NULL, NULL },
		{ "--xx\n" CD "a\n\n1\n--xx--", REQUEST_BAD_SYNTAX, NULL, NULL, NULL },
		{ "--xx\r\n" CD "a\n\r\n1\r\n--xx--", REQUEST_BAD_SYNTAX, NULL, NULL, NULL },
		{ "--xx\r\n" CD "a\r\n\r\n1\r\n--xxy\r\n--xx--", REQUEST_BAD_SYNTAX, NULL, NULL,
		  NULL },
		{ "--xx\r\n" CD "a\r\n\r\n1\r\n--yy--", REQUEST_CUT_OFF, NULL, NULL, NULL },
		{ "no delimiter at all", REQUEST_CUT_OFF, NULL, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct request *r = request_new();

		if (feed_text(r, cases[i].body) != cases[i].result)
			fail_msg("case %zu", i);
		if (cases[i].value) {
			assert_string_equal(r->field[0].name, cases[i].name);
			assert_string_equal(r->field[0].value, cases[i].value);
		}
		if (cases[i].file_name) {
			assert_string_equal(r->file[0].name, cases[i].name);
			assert_string_equal(r->file[0].file_name, cases[i].file_name);
		}
		request_free(r);
	}
}

static void test_boundary(void **state UNUSED)
{
	static const struct {
		const char *type, *boundary; /* NULL: refused */
	} cases[] = {
		{ "multipart/form-data; boundary=xx", "xx" },
		{ "Multipart/Form-Data;charset=utf-8; Boundary=\"x:x\"", "x:x" },
		{ "multipart/form-data; boundary=----WebKitFormBoundaryAbC1",
		  "----WebKitFormBoundaryAbC1" },
		{ "multipart/form-data", NULL },
		{ "multipart/form-data; boundary=", NULL },
		{ "multipart/form-data; boundary=\"\"", NULL },
		{ "multipart/form-data; boundary=\"a\rb\"", NULL },
		{ "multipart/form-data; boundary=\xc3\xa9", NULL },
		{ "multipart/form-datax; boundary=xx", NULL },
		{ "multipart/mixed; boundary=xx", NULL },
	};
	char out[BOUNDARY_MAX + 1], type[200];
	char longest[BOUNDARY_MAX + 2];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool found = request_boundary(cases[i].type, out);

		if (found != (cases[i].boundary != NULL))
			fail_msg("case %zu", i);
		if (found)
			assert_string_equal(out, cases[i].boundary);
	}
	memset(longest, 'b', sizeof(longest));
	for (int n = BOUNDARY_MAX - 1; n <= BOUNDARY_MAX + 1; n++) {
		snprintf(type, sizeof(type), "multipart/form-data; boundary=%.*s", n, longest);
		assert_int_equal(request_boundary(type, out), n <= BOUNDARY_MAX);
	}
}

static void test_urlencoded(void **state UNUSED)
{
	static const struct {
		const char *text;
		size_t count;
		const char *value; /* of field "a" */
		bool broken;
	} cases[] = {
		{ "", 0, NULL, false },
		{ "&&", 0, NULL, false },
		{ "a", 1, "", false },
		{ "a=1&a=2", 2, "1", false },
		{ "x=0&a=%E8%B5%A3+%20%2B", 2, "赣  +", false },
		{ "a=100%&b=%zz", 2, "100%", false },
		{ "a=%4", 1, "%4", false },
		{ "%61=b=c", 1, "b=c", false },
		{ "a=%00", 1, "", true },
		{ "a=%ED%A0%80&b=1", 2, "", true }, /* lone surrogate */
		{ "a=%C0%AF", 1, "", true }, /* overlong */
		{ "a=%F4%90%80%80", 1, "", true }, /* above U+10FFFF */
		{ "a=%F0%A0%AE%B7", 1, "𠮷", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct request *r = request_new();
		const char *value;

		assert_int_equal(request_parse_urlencoded(cases[i].text, strlen(cases[i].text),
							  r->field, &r->field_count),
				 REQUEST_OK);
		value = request_field(r, "a");
		if (r->field_count != cases[i].count || !value != !cases[i].value ||
		    (value && strcmp(value, cases[i].value)) ||
		    request_field_broken(r, "a") != cases[i].broken)
			fail_msg("case %zu: %s", i, cases[i].text);
		request_free(r);
	}
}

static void test_bad_name(void **state UNUSED)
{
	struct request *r = request_new();

	assert_int_equal(request_parse_urlencoded("%FF=1", 5, r->field, &r->field_count),
			 REQUEST_BAD_TEXT);
	request_free(r);
}

static enum request_result parse_many(size_t count)
{
	struct request *r = request_new();
	struct buffer text = BUFFER_INIT;
	enum request_result result;

	for (size_t i = 0; i < count; i++)
		buffer_puts(&text, "a=1&");
	result = request_parse_urlencoded(buffer_text(&text), text.len, r->field, &r->field_count);
	buffer_release(&text);
	request_free(r);
	return result;
}

static void test_field_count(void **state UNUSED)
{
	assert_int_equal(parse_many(FIELD_COUNT_MAX - 1), REQUEST_OK);
	assert_int_equal(parse_many(FIELD_COUNT_MAX), REQUEST_OK);
	assert_int_equal(parse_many(FIELD_COUNT_MAX + 1), REQUEST_TOO_MANY);
}

static enum request_result parse_name(size_t len)
{
	struct request *r = request_new();
	char text[FIELD_NAME_MAX + 3];
	enum request_result result;

	memset(text, 'n', sizeof(text));
	text[len] = '=';
	result = request_parse_urlencoded(text, len + 1, r->field, &r->field_count);
	request_free(r);
	return result;
}

static void test_name_length(void **state UNUSED)
{
	assert_int_equal(parse_name(FIELD_NAME_MAX - 1), REQUEST_OK);
	assert_int_equal(parse_name(FIELD_NAME_MAX), REQUEST_OK);
	assert_int_equal(parse_name(FIELD_NAME_MAX + 1), REQUEST_BAD_SYNTAX);
}

/* A value over the ceiling is cut at a whole character, in both encodings. */
static void check_value(size_t ascii, const char *tail, size_t expected)
{
	struct buffer body = BUFFER_INIT;
	struct request *r = request_new();

	for (size_t i = 0; i < ascii; i++)
		buffer_putc(&body, 'v');
	buffer_puts(&body, tail);
	assert_int_equal(request_field_add(r->field, &r->field_count, "a", 1, body.data, body.len),
			 REQUEST_OK);
	assert_int_equal(strlen(r->field[0].value), expected);
	assert_false(r->field[0].broken);
	request_free(r);
	r = request_new();
	struct buffer part = BUFFER_INIT;
	buffer_printf(&part, "--xx\r\n" CD "a\r\n\r\n%s\r\n--xx--", body.data);
	assert_int_equal(feed_text(r, part.data), REQUEST_OK);
	assert_int_equal(strlen(r->field[0].value), expected);
	assert_false(r->field[0].broken);
	request_free(r);
	buffer_release(&part);
	buffer_release(&body);
}

static void test_value_length(void **state UNUSED)
{
	check_value(FIELD_VALUE_MAX - 1, "", FIELD_VALUE_MAX - 1);
	check_value(FIELD_VALUE_MAX, "", FIELD_VALUE_MAX);
	check_value(FIELD_VALUE_MAX, "v", FIELD_VALUE_MAX);
	check_value(FIELD_VALUE_MAX - 3, "赣州", FIELD_VALUE_MAX);
	check_value(FIELD_VALUE_MAX - 2, "赣州", FIELD_VALUE_MAX - 2);
	check_value(FIELD_VALUE_MAX - 1, "赣州", FIELD_VALUE_MAX - 1);
	check_value(FIELD_VALUE_MAX - 1, "𠮷𠮷", FIELD_VALUE_MAX - 1);
}

static enum request_result parse_files(size_t count)
{
	struct request *r = request_new();
	struct buffer body = BUFFER_INIT;
	enum request_result result;

	for (size_t i = 0; i < count; i++)
		buffer_puts(&body, "--xx\r\n" CD "f; filename=a\r\n\r\nx\r\n");
	buffer_puts(&body, "--xx--");
	result = feed_text(r, body.data);
	buffer_release(&body);
	request_free(r);
	return result;
}

static void test_file_count(void **state UNUSED)
{
	assert_int_equal(parse_files(FILE_COUNT_MAX - 1), REQUEST_OK);
	assert_int_equal(parse_files(FILE_COUNT_MAX), REQUEST_OK);
	assert_int_equal(parse_files(FILE_COUNT_MAX + 1), REQUEST_TOO_MANY);
}

static enum request_result parse_header(size_t len)
{
	struct request *r = request_new();
	struct buffer body = BUFFER_INIT;
	enum request_result result;

	/* The ceiling counts the lines of a part, each with one byte for its end. */
	buffer_puts(&body, "--xx\r\n" CD "a\r\nX: ");
	for (size_t i = strlen(CD "a") + strlen("X: ") + 2; i < len; i++)
		buffer_putc(&body, 'x');
	buffer_puts(&body, "\r\n\r\n1\r\n--xx--");
	result = feed_text(r, body.data);
	buffer_release(&body);
	request_free(r);
	return result;
}

static void test_part_header(void **state UNUSED)
{
	assert_int_equal(parse_header(PART_HEADER_MAX - 1), REQUEST_OK);
	assert_int_equal(parse_header(PART_HEADER_MAX), REQUEST_OK);
	assert_int_equal(parse_header(PART_HEADER_MAX + 1), REQUEST_BAD_SYNTAX);
}

static void check_file_size(size_t size, bool too_large)
{
	struct request *r = request_new();
	struct buffer body = BUFFER_INIT;

	buffer_puts(&body, "--xx\r\n" CD "f; filename=a\r\n\r\n");
	memset(buffer_room(&body, size), 'x', size);
	body.len += size;
	buffer_puts(&body, "\r\n--xx--");
	assert_int_equal(feed(r, "xx", body.data, body.len, 65536), REQUEST_OK);
	assert_int_equal(r->file_count, 1);
	assert_int_equal(r->file[0].too_large, too_large);
	assert_int_equal(r->file[0].size, too_large ? 0 : size);
	assert_int_equal(lseek(r->file[0].fd, 0, SEEK_END), r->file[0].size);
	buffer_release(&body);
	request_free(r);
}

/* Without a session: the file is named, its bytes are not kept. */
static void test_dropped_file(void **state UNUSED)
{
	static const char body[] =
		"--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ntyped\r\n"
		"--xx\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\nbytes\r\n"
		"--xx\r\nContent-Disposition: form-data; name=\"g\"; filename=\"\"\r\n\r\n\r\n"
		"--xx--\r\n";
	struct request *r = request_new();

	r->drop_files = true;
	assert_int_equal(feed(r, "xx", body, sizeof(body) - 1, 7), REQUEST_OK);
	assert_string_equal(request_field(r, "a"), "typed");
	assert_int_equal(r->file_count, 1);
	assert_true(r->file[0].too_large);
	assert_int_equal(r->file[0].size, 0);
	assert_int_equal(lseek(r->file[0].fd, 0, SEEK_END), 0);
	request_free(r);
}

static void test_file_size(void **state UNUSED)
{
	check_file_size(SCAN_FILE_MAX - 1, false);
	check_file_size(SCAN_FILE_MAX, false);
	check_file_size(SCAN_FILE_MAX + 1, true);
}

static void test_cookie(void **state UNUSED)
{
	static const struct {
		const char *header, *value; /* of "yj"; NULL: absent */
	} cases[] = {
		{ "", NULL },
		{ "yj=abc", "abc" },
		{ "a=b; yj=abc; yj=def", "abc" },
		{ "xyj=1; yjs=2;yj=3", "3" },
		{ "yj", NULL },
		{ "yj=", "" },
		{ "yj=a=b", "a=b" },
		{ "__Host-yj=1", NULL },
		{ "a=; yj=12345678", NULL }, /* longer than the place for it */
	};
	char out[8];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct request *r = request_new();
		bool found;

		r->cookies = xstrdup(cases[i].header);
		found = request_cookie(r, "yj", out, sizeof(out));
		if (found != (cases[i].value != NULL) || (found && strcmp(out, cases[i].value)))
			fail_msg("case %zu: %s", i, cases[i].header);
		request_free(r);
	}
}

/* Runs request_read_body() on a pipe that holds `body`. */
static enum request_result read_body(const char *length, const char *type, const char *body,
				     size_t body_max)
{
	struct request *r = request_new();
	enum request_result result;
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	assert_int_equal(write(fd[1], body, strlen(body)), strlen(body));
	close(fd[1]);
	if (length)
		setenv("CONTENT_LENGTH", length, 1);
	else
		unsetenv("CONTENT_LENGTH");
	setenv("CONTENT_TYPE", type, 1);
	result = request_read_body(r, fd[0], body_max, false);
	close(fd[0]);
	request_free(r);
	return result;
}

static void test_length(void **state UNUSED)
{
	static const char type[] = "application/x-www-form-urlencoded; charset=UTF-8";
	static const struct {
		const char *length;
		enum request_result result;
	} cases[] = {
		{ NULL, REQUEST_BAD_LENGTH },
		{ "", REQUEST_BAD_LENGTH },
		{ "-1", REQUEST_BAD_LENGTH },
		{ "+5", REQUEST_BAD_LENGTH },
		{ " 5", REQUEST_BAD_LENGTH },
		{ "5 ", REQUEST_BAD_LENGTH },
		{ "0x5", REQUEST_BAD_LENGTH },
		{ "0", REQUEST_OK },
		{ "5", REQUEST_OK },
		{ "6", REQUEST_CUT_OFF },
		{ "10", REQUEST_CUT_OFF },
		{ "11", REQUEST_TOO_LARGE },
		{ "9223372036854775808", REQUEST_TOO_LARGE },
		{ "18446744073709551621", REQUEST_TOO_LARGE }, /* 2^64 + 5 */
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (read_body(cases[i].length, type, "a=1&b", 10) != cases[i].result)
			fail_msg("case %zu", i);
	assert_int_equal(read_body("5", "text/plain", "a=1&b", 10), REQUEST_BAD_TYPE);
	assert_int_equal(read_body("5", "", "a=1&b", 10), REQUEST_BAD_TYPE);
	assert_int_equal(read_body("5", "multipart/form-data", "a=1&b", 10), REQUEST_BAD_TYPE);
}

static enum request_result read_head(const char *variable, size_t len)
{
	struct request *r = request_new();
	char *value = xmalloc(len + 1);
	enum request_result result;

	memset(value, '&', len); /* many nothings: only the length counts */
	value[len] = '\0';
	setenv(variable, value, 1);
	result = request_read_head(r);
	unsetenv(variable);
	free(value);
	request_free(r);
	return result;
}

static void test_head(void **state UNUSED)
{
	assert_int_equal(read_head("QUERY_STRING", QUERY_MAX - 1), REQUEST_OK);
	assert_int_equal(read_head("QUERY_STRING", QUERY_MAX), REQUEST_OK);
	assert_int_equal(read_head("QUERY_STRING", QUERY_MAX + 1), REQUEST_TOO_LARGE);
	assert_int_equal(read_head("HTTP_COOKIE", COOKIE_MAX), REQUEST_OK);
	assert_int_equal(read_head("HTTP_COOKIE", COOKIE_MAX + 1), REQUEST_TOO_LARGE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),       cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_oddities),     cmocka_unit_test(test_boundary),
		cmocka_unit_test(test_urlencoded),   cmocka_unit_test(test_bad_name),
		cmocka_unit_test(test_field_count),  cmocka_unit_test(test_name_length),
		cmocka_unit_test(test_value_length), cmocka_unit_test(test_file_count),
		cmocka_unit_test(test_part_header),  cmocka_unit_test(test_file_size),
		cmocka_unit_test(test_dropped_file), cmocka_unit_test(test_cookie),
		cmocka_unit_test(test_length),       cmocka_unit_test(test_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
