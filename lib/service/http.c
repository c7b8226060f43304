/* http.c: one request over libcurl, with every limit set. */
#include "service/http.h"

#include <curl/curl.h>

#include "base/die.h"

const char *const http_result_names[HTTP_RESULT_COUNT] = {
	[HTTP_OK] = "ok",
	[HTTP_BAD_URL] = "bad_url",
	[HTTP_REFUSED] = "refused",
	[HTTP_UNTRUSTED] = "untrusted",
	[HTTP_TIMEOUT] = "timeout",
	[HTTP_BROKEN] = "broken",
	[HTTP_TOO_LARGE] = "too_large",
};

struct intake {
	struct buffer *body;
	size_t max;
	bool too_large;
};

static bool is_loopback(const char *host)
{
	return !strcmp(host, "127.0.0.1") || !strcmp(host, "[::1]") || !strcmp(host, "localhost");
}

static bool url_allowed(const char *url)
{
	CURLU *parts = curl_url();
	char *scheme = NULL, *host = NULL;
	bool allowed = false;

	if (!parts)
		die("curl_url: no memory");
	if (!curl_url_set(parts, CURLUPART_URL, url, 0) &&
	    !curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) &&
	    !curl_url_get(parts, CURLUPART_HOST, &host, 0))
		allowed = !strcmp(scheme, "https") ||
			  (!strcmp(scheme, "http") && is_loopback(host));
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(parts);
	return allowed;
}

static size_t take(char *bytes, size_t one, size_t n, void *context)
{
	struct intake *in = context;

	if (n > in->max - in->body->len) {
		in->too_large = true;
		return 0;
	}
	buffer_add(in->body, bytes, n);
	return n * one;
}

static enum http_result result_of(CURLcode code, const struct intake *in)
{
	if (in->too_large)
		return HTTP_TOO_LARGE;
	switch (code) {
	case CURLE_OK:
		return HTTP_OK;
	case CURLE_URL_MALFORMAT:
		return HTTP_BAD_URL;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return HTTP_REFUSED;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
		return HTTP_UNTRUSTED;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMEOUT;
	case CURLE_FILESIZE_EXCEEDED:
		return HTTP_TOO_LARGE;
	default:
		return HTTP_BROKEN;
	}
}

static void set_limits(CURL *curl, size_t body_max)
{
	bool bad = false;

	bad |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS);
	bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)HTTP_TOTAL_MS);
	bad |= curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)body_max);
	bad |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(curl, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(curl, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	if (bad)
		die("this libcurl lacks an option that keeps us safe");
}

/* What is asked; no body: GET. */
struct question {
	const char *url, *type;
	const void *body;
	size_t body_len;
};

static struct curl_slist *set_body(CURL *curl, const struct question *q)
{
	char header[128];
	struct curl_slist *headers;

	if (snprintf(header, sizeof(header), "Content-Type: %s", q->type) >= (int)sizeof(header))
		die("a content type is too long");
	headers = curl_slist_append(NULL, header);
	/* Nobody waits a second for "100 Continue". */
	headers = curl_slist_append(headers, "Expect:");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body_len);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, q->body);
	return headers;
}

static enum http_result ask(const struct question *q, size_t body_max, struct http_answer *answer)
{
	struct intake in = { .body = &answer->body, .max = body_max };
	struct curl_slist *headers = NULL;
	enum http_result result;
	CURL *curl;

	answer->status = 0;
	buffer_init(&answer->body);
	if (!url_allowed(q->url))
		return HTTP_BAD_URL;
	curl = curl_easy_init();
	if (!curl)
		die("curl_easy_init failed");
	set_limits(curl, body_max);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &in);
	curl_easy_setopt(curl, CURLOPT_URL, q->url);
	if (q->body)
		headers = set_body(curl, q);
	result = result_of(curl_easy_perform(curl), &in);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	if (result != HTTP_OK)
		buffer_reset(&answer->body);
	return result;
}

enum http_result http_get(const char *url, size_t body_max, struct http_answer *answer)
{
	const struct question q = { .url = url };

	return ask(&q, body_max, answer);
}

enum http_result http_post(const char *url, const char *type, const void *body, size_t n,
			   size_t body_max, struct http_answer *answer)
{
	const struct question q = { url, type, n ? body : "", n };

	return ask(&q, body_max, answer);
}
