/* http.h: asking an outside service, the one place that speaks HTTP.
 *
 * One request, one answer, no surprises: peer and host are verified, 3 s to
 * connect and 10 s in all, no redirects, no proxy from the environment, https
 * only (http towards a loopback address alone), and no more of the answer than
 * the caller has room for. A URL may carry a secret: it is never logged. */
#ifndef SERVICE_HTTP_H
#define SERVICE_HTTP_H

#include "base/buffer.h"

#define HTTP_CONNECT_MS 3000
#define HTTP_TOTAL_MS 10000

enum http_result {
	HTTP_OK, /* an answer came, of any status */
	HTTP_BAD_URL, /* no URL, not https, or http to another machine */
	HTTP_REFUSED, /* no connection: the service never saw the request */
	HTTP_UNTRUSTED, /* its certificate is not valid for this host, or no authorities are installed */
	HTTP_TIMEOUT, /* it may have seen the request: the outcome is unknown */
	HTTP_BROKEN, /* cut off or no HTTP: the outcome is unknown */
	HTTP_TOO_LARGE, /* more than body_max bytes */
	HTTP_RESULT_COUNT,
};

/* For logs: "ok", "timeout" … */
extern const char *const http_result_names[HTTP_RESULT_COUNT];

#define HTTP_FIELD_VALUE_MAX 1024

/* A header of the answer that the caller wants to know. */
struct http_field {
	const char *name;
	/* "" when it is not there, there twice, or longer than this */
	char value[HTTP_FIELD_VALUE_MAX + 1];
};

struct http_request {
	const char *url;
	const char *type; /* Content-Type of the body */
	const void *body; /* NULL: GET, else POST */
	size_t body_len;
	const char *const *header; /* further lines, "Accept: application/json" */
	size_t header_count;
	struct http_field *want;
	size_t want_count;
	size_t body_max; /* of the answer */
	long total_ms; /* 0: HTTP_TOTAL_MS */
};

struct http_answer {
	long status; /* 200 … */
	struct buffer body; /* the caller's to release, also after a failure; empty with 204 */
};

/* One request; fills the answer and the wanted fields only with HTTP_OK. */
enum http_result http_ask(const struct http_request *, struct http_answer *) MUST_USE;
/* GET without more. */
enum http_result http_get(const char *url, size_t body_max, struct http_answer *) MUST_USE;
/* POST of n bytes as they are; else the same. `type` is their Content-Type. */
enum http_result http_post(const char *url, const char *type, const void *body, size_t n,
			   size_t body_max, struct http_answer *) MUST_USE;

#endif
