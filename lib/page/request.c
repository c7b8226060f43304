/* request.c: what the client sent: environment, body, fields. */
#include "page/request.h"

#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/utf8.h"

#define READ_SIZE (64 * 1024)
#define LENGTH_DIGITS_MAX 15

struct request *request_new(void)
{
	struct request *r = xcalloc(1, sizeof(*r));

	r->file_max = SCAN_FILE_MAX;
	r->path_info = r->user_agent = r->origin = r->fetch_site = "";
	return r;
}

void request_free(struct request *r)
{
	if (!r)
		return;
	request_fields_release(r->query, r->query_count);
	request_fields_release(r->field, r->field_count);
	for (size_t i = 0; i < r->file_count; i++) {
		free(r->file[i].name);
		free(r->file[i].file_name);
		if (r->file[i].fd >= 0)
			close(r->file[i].fd);
	}
	free(r->cookies);
	buffer_wipe(&r->body);
	free(r);
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value ? value : "";
}

static enum request_method method_by_name(const char *name)
{
	if (!strcmp(name, "GET"))
		return METHOD_GET;
	if (!strcmp(name, "HEAD"))
		return METHOD_HEAD;
	if (!strcmp(name, "POST"))
		return METHOD_POST;
	return METHOD_OTHER;
}

enum request_result request_read_head(struct request *r)
{
	const char *query = environment("QUERY_STRING");
	const char *cookies = environment("HTTP_COOKIE");
	size_t query_len = strlen(query);

	r->method = method_by_name(environment("REQUEST_METHOD"));
	r->path_info = environment("PATH_INFO");
	r->user_agent = environment("HTTP_USER_AGENT");
	r->origin = environment("HTTP_ORIGIN");
	r->fetch_site = environment("HTTP_SEC_FETCH_SITE");
	r->https = !strcasecmp(environment("HTTPS"), "on");
	r->cut = *environment("YJ_CUT") != '\0';
	r->fragment = !strcmp(environment("HTTP_X_YJ_FRAGMENT"), "1");
	if (query_len > QUERY_MAX || strlen(cookies) > COOKIE_MAX)
		return REQUEST_TOO_LARGE;
	r->cookies = xstrdup(cookies);
	return request_parse_urlencoded(query, query_len, r->query, &r->query_count);
}

/* A length as a number; false when it is not one. */
static bool length_of(const char *text, size_t *length)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || text[digits] != '\0')
		return false;
	/* More digits than any body of ours: surely too large. */
	*length = digits > LENGTH_DIGITS_MAX ? SIZE_MAX : strtoull(text, NULL, 10);
	return true;
}

static bool content_length(size_t *length)
{
	return length_of(environment("CONTENT_LENGTH"), length);
}

bool request_has_large_body(void)
{
	size_t length;

	return content_length(&length) && length > FORM_BODY_MAX;
}

/* The next piece of a body of which `left` bytes are missing; 0 at its end. */
static size_t read_piece(int fd, char *piece, size_t left)
{
	for (;;) {
		ssize_t n = read(fd, piece, left < READ_SIZE ? left : READ_SIZE);

		if (n >= 0)
			return (size_t)n;
		if (errno != EINTR)
			return 0;
	}
}

static enum request_result read_whole(int fd, size_t length, struct buffer *out)
{
	char *piece = xmalloc(READ_SIZE);
	size_t n;

	while (length > 0 && (n = read_piece(fd, piece, length)) > 0) {
		buffer_add(out, piece, n);
		length -= n;
	}
	explicit_bzero(piece, READ_SIZE);
	free(piece);
	return length ? REQUEST_CUT_OFF : REQUEST_OK;
}

static bool is_urlencoded(const char *type)
{
	static const char name[] = "application/x-www-form-urlencoded";
	char after;

	if (strncasecmp(type, name, sizeof(name) - 1) != 0)
		return false;
	after = type[sizeof(name) - 1];
	return after == '\0' || after == ';' || after == ' ';
}

enum request_result request_expect_body(const struct request *r, size_t body_max, bool raw)
{
	const char *type = environment("CONTENT_TYPE");
	char boundary[BOUNDARY_MAX + 1];
	size_t length;

	if (!length_of(environment(r->cut ? "YJ_CUT" : "CONTENT_LENGTH"), &length))
		return REQUEST_BAD_LENGTH;
	if (length > body_max)
		return REQUEST_TOO_LARGE;
	if (raw || length == 0)
		return REQUEST_OK;
	/* A page that takes files has a large ceiling; a form has a small one. */
	if (is_urlencoded(type))
		return length > FORM_BODY_MAX ? REQUEST_TOO_LARGE : REQUEST_OK;
	return request_boundary(type, boundary) ? REQUEST_OK : REQUEST_BAD_TYPE;
}

static enum request_result read_urlencoded(struct request *r, int fd, size_t length)
{
	struct buffer text = BUFFER_INIT;
	enum request_result result = read_whole(fd, length, &text);
	const char *whole = r->cut ? strrchr(buffer_text(&text), '&') : NULL;

	if (r->cut) /* the last pair may be half a pair */
		text.len = whole ? (size_t)(whole - buffer_text(&text)) : 0;
	if (result == REQUEST_OK)
		result = request_parse_urlencoded(buffer_text(&text), text.len, r->field,
						  &r->field_count);
	buffer_wipe(&text);
	return result;
}

static enum request_result read_multipart(struct request *r, int fd, size_t length,
					  const char *boundary)
{
	struct multipart *parser = multipart_new(boundary, r);
	enum request_result result = REQUEST_OK;
	char *piece = xmalloc(READ_SIZE);
	size_t n;

	while (result == REQUEST_OK && length > 0) {
		n = read_piece(fd, piece, length);
		if (n == 0)
			result = REQUEST_CUT_OFF;
		else
			result = multipart_feed(parser, piece, n);
		length -= n;
	}
	if (result == REQUEST_OK && !r->cut)
		result = multipart_end(parser);
	explicit_bzero(piece, READ_SIZE);
	free(piece);
	multipart_free(parser);
	return result;
}

enum request_result request_read_body(struct request *r, int fd, size_t body_max, bool raw)
{
	enum request_result result = request_expect_body(r, body_max, raw);
	const char *type = environment("CONTENT_TYPE");
	char boundary[BOUNDARY_MAX + 1];
	size_t length;

	if (result != REQUEST_OK)
		return result;
	if (!content_length(&length))
		return REQUEST_BAD_LENGTH;
	if (raw)
		return read_whole(fd, length, &r->body);
	if (length == 0)
		return REQUEST_OK;
	if (is_urlencoded(type))
		return read_urlencoded(r, fd, length);
	if (request_boundary(type, boundary))
		return read_multipart(r, fd, length, boundary);
	return REQUEST_BAD_TYPE;
}

static const struct request_field *find(const struct request_field *field, size_t count,
					const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(field[i].name, name))
			return &field[i];
	return NULL;
}

const char *request_query(const struct request *r, const char *name)
{
	const struct request_field *f = find(r->query, r->query_count, name);

	return f ? f->value : NULL;
}

const char *request_field(const struct request *r, const char *name)
{
	const struct request_field *f = find(r->field, r->field_count, name);

	return f ? f->value : NULL;
}

bool request_field_broken(const struct request *r, const char *name)
{
	const struct request_field *f = find(r->field, r->field_count, name);

	return f && f->broken;
}

/* RFC 6265 5.4: pairs of name=value with "; " between. The first one counts. */
bool request_cookie(const struct request *r, const char *name, char *out, size_t out_size)
{
	size_t name_len = strlen(name);
	const char *at = r->cookies ? r->cookies : "";

	while (*at) {
		size_t n;

		at += strspn(at, "; \t");
		n = strcspn(at, ";");
		if (n > name_len && at[name_len] == '=' && !strncmp(at, name, name_len)) {
			n -= name_len + 1;
			if (n >= out_size)
				return false;
			memcpy(out, at + name_len + 1, n);
			out[n] = '\0';
			return true;
		}
		at += n;
	}
	return false;
}
