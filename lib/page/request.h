/* request.h: what the client sent, parsed and checked (RFC 3875, RFC 7578).
 *
 * Our own parser: streaming, with a ceiling for everything (base/ceilings.h).
 * After request_read_body() every name and value is valid UTF-8 without NUL.
 * A name that is not makes the whole request REQUEST_BAD_TEXT. A value that is
 * not is kept as "" with `broken` set, so that the field can say so and the
 * rest of the form is not lost. A value over FIELD_VALUE_MAX is cut there:
 * that is still longer than any field of ours takes, so the field says so.
 * File parts go to memory files (memfd), never to a disk. */
#ifndef PAGE_REQUEST_H
#define PAGE_REQUEST_H

#include "base/buffer.h"
#include "base/ceilings.h"

enum request_method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_OTHER };

enum request_result {
	REQUEST_OK,
	REQUEST_BAD_LENGTH, /* CONTENT_LENGTH missing or not a number: 411 */
	REQUEST_TOO_LARGE, /* over the page's body_max: 413 */
	REQUEST_CUT_OFF, /* the body ended early: 400 */
	REQUEST_BAD_TYPE, /* neither urlencoded nor multipart: 415 */
	REQUEST_BAD_SYNTAX, /* 400 */
	REQUEST_BAD_TEXT, /* 400 */
	REQUEST_TOO_MANY, /* fields or files: 413 */
	REQUEST_RESULT_COUNT,
};

struct request_field {
	char *name, *value;
	bool broken; /* the value was not UTF-8 */
};

struct request_file {
	char *name; /* of the form control */
	char *file_name; /* as the client calls it; never used as a path */
	int fd; /* memory file, at its start */
	size_t size; /* bytes; a file over file_max keeps none, see too_large */
	bool too_large;
};

struct request {
	enum request_method method;
	const char *path_info; /* "" if none */
	const char *user_agent; /* "" if none */
	const char *origin; /* Origin header, "" if none */
	const char *fetch_site; /* Sec-Fetch-Site header, "" if none */
	bool https;
	bool fragment; /* sent by our script, which wants a fragment */
	size_t file_max; /* of one file; set before the body, SCAN_FILE_MAX at the start */
	bool drop_files; /* set before the body: files are counted, none is kept */
	/* The server holds the rest of the body back, because the program did not
	 * want it (etc/httpd/mod_ask_first.c): files and what stands behind them are
	 * missing. Nothing is done by such a request. */
	bool cut;
	struct request_field query[FIELD_COUNT_MAX];
	size_t query_count;
	struct request_field field[FIELD_COUNT_MAX];
	size_t field_count;
	struct request_file file[FILE_COUNT_MAX];
	size_t file_count;
	char *cookies; /* the Cookie header, "" if none */
	struct buffer body; /* raw, when the page asked for it */
};

struct request *request_new(void);
void request_free(struct request *);
/* Reads method, query and headers from the CGI environment. */
enum request_result request_read_head(struct request *) MUST_USE;
/* The error of the announced body, its length or its type, before any of it is
 * read. Arguments as for request_read_body(). */
enum request_result request_expect_body(const struct request *, size_t body_max, bool raw) MUST_USE;
/* Reads the body of a POST from `fd`; body_max 0 means no body is allowed.
 * `raw` keeps it unparsed (push programs verify bytes before parsing). */
enum request_result request_read_body(struct request *, int fd, size_t body_max, bool raw) MUST_USE;

/* Whether a body is announced that is larger than any form without files. */
bool request_has_large_body(void);

/* First value of that name; NULL when absent. */
const char *request_query(const struct request *, const char *name);
const char *request_field(const struct request *, const char *name);
bool request_field_broken(const struct request *, const char *name);
/* Value of a cookie copied to out; false when absent or too long. */
bool request_cookie(const struct request *, const char *name, char *out, size_t out_size);

/* The parsers by themselves, for tests and fuzzing. Appends to fields; they
 * are the caller's to free with request_fields_release(). */
enum request_result request_parse_urlencoded(const char *text, size_t n,
					     struct request_field *field, size_t *count);
void request_fields_release(struct request_field *field, size_t count);
/* One more field from raw bytes, under all the rules above. */
enum request_result request_field_add(struct request_field *field, size_t *count, const char *name,
				      size_t name_len, const char *value, size_t value_len);
/* The boundary named by a Content-Type of multipart/form-data, into out. */
bool request_boundary(const char *content_type, char out[BOUNDARY_MAX + 1]);
/* Feeds multipart bytes in pieces of any size; see multipart.c for the states.
 * Fields and files are appended to the request; a result other than OK is
 * final. multipart_end() tells whether the closing boundary was seen. */
struct multipart;
struct multipart *multipart_new(const char *boundary, struct request *);
enum request_result multipart_feed(struct multipart *, const char *bytes, size_t n);
enum request_result multipart_end(struct multipart *);
void multipart_free(struct multipart *);

#endif
