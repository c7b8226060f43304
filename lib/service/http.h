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
	HTTP_OK, /* an answer came, whatever its status */
	HTTP_BAD_URL, /* no URL, not https, or http to another machine */
	HTTP_REFUSED, /* no connection: the service never saw the request */
	HTTP_UNTRUSTED, /* its certificate is not good for this host */
	HTTP_TIMEOUT, /* it may have seen the request: the outcome is unknown */
	HTTP_BROKEN, /* cut off or no HTTP: the outcome is unknown */
	HTTP_TOO_LARGE, /* more than body_max bytes */
	HTTP_RESULT_COUNT,
};

/* For logs: "ok", "timeout" … */
extern const char *const http_result_names[HTTP_RESULT_COUNT];

struct http_answer {
	long status; /* 200 … */
	struct buffer body; /* the caller's to release, also after a failure */
};

/* GET; fills the answer only with HTTP_OK. */
enum http_result http_get(const char *url, size_t body_max, struct http_answer *) MUST_USE;
/* POST of n bytes as they are; else the same. `type` is their Content-Type. */
enum http_result http_post(const char *url, const char *type, const void *body, size_t n,
			   size_t body_max, struct http_answer *) MUST_USE;

#endif
