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
	case CURLE_SSL_CACERT_BADFILE:
		return HTTP_UNTRUSTED;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMEOUT;
	case CURLE_FILESIZE_EXCEEDED:
		return HTTP_TOO_LARGE;
	default:
		return HTTP_BROKEN;
	}
}

static void set_limits(CURL *curl, const struct http_request *request)
{
	bool bad = false;

	bad |= curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
	bad |= curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
	bad |= curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS);
	bad |= curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
				request->total_ms ? request->total_ms : (long)HTTP_TOTAL_MS);
	bad |= curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	bad |= curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->body_max);
	bad |= curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(curl, CURLOPT_PROXY, "");
	bad |= curl_easy_setopt(curl, CURLOPT_USERAGENT, PACKAGE_NAME "/" PACKAGE_VERSION);
	if (bad)
		die("this libcurl lacks an option that keeps us safe");
}

static struct curl_slist *add_header(struct curl_slist *headers, const char *line)
{
	headers = curl_slist_append(headers, line);
	if (!headers)
		die("curl_slist_append: no memory");
	return headers;
}

static struct curl_slist *set_headers(CURL *curl, const struct http_request *q)
{
	char type[128];
	struct curl_slist *headers = NULL;

	for (size_t i = 0; i < q->header_count; i++) {
		if (q->header[i][strcspn(q->header[i], "\r\n")])
			die("a line break in a header");
		headers = add_header(headers, q->header[i]);
	}
	if (q->body) {
		if (snprintf(type, sizeof(type), "Content-Type: %s", q->type) >= (int)sizeof(type))
			die("a content type is too long");
		headers = add_header(headers, type);
		/* Nobody waits a second for "100 Continue". */
		headers = add_header(headers, "Expect:");
	}
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	return headers;
}

/* A field that comes twice has no value: which one was meant? */
static void read_fields(CURL *curl, const struct http_request *q)
{
	for (size_t i = 0; i < q->want_count; i++) {
		struct curl_header *found;
		struct http_field *field = &q->want[i];

		if (curl_easy_header(curl, field->name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK &&
		    found->amount == 1 && strlen(found->value) <= HTTP_FIELD_VALUE_MAX)
			memcpy(field->value, found->value, strlen(found->value) + 1);
	}
}

static enum http_result perform(CURL *curl, const struct http_request *q,
				struct http_answer *answer)
{
	struct intake in = { .body = &answer->body, .max = q->body_max };
	struct curl_slist *headers = set_headers(curl, q);
	enum http_result result;

	set_limits(curl, q);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &in);
	curl_easy_setopt(curl, CURLOPT_URL, q->url);
	if (q->body) {
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body_len);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, q->body);
	}
	result = result_of(curl_easy_perform(curl), &in);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
	if (result == HTTP_OK)
		read_fields(curl, q);
	else
		buffer_reset(&answer->body);
	curl_slist_free_all(headers);
	return result;
}

enum http_result http_ask(const struct http_request *q, struct http_answer *answer)
{
	enum http_result result;
	CURL *curl;

	answer->status = 0;
	buffer_init(&answer->body);
	for (size_t i = 0; i < q->want_count; i++)
		q->want[i].value[0] = '\0';
	if (!url_allowed(q->url))
		return HTTP_BAD_URL;
	curl = curl_easy_init();
	if (!curl)
		die("curl_easy_init failed");
	result = perform(curl, q, answer);
	curl_easy_cleanup(curl);
	return result;
}

enum http_result http_get(const char *url, size_t body_max, struct http_answer *answer)
{
	const struct http_request q = { .url = url, .body_max = body_max };

	return http_ask(&q, answer);
}

enum http_result http_post(const char *url, const char *type, const void *body, size_t n,
			   size_t body_max, struct http_answer *answer)
{
	const struct http_request q = {
		.url = url, .type = type, .body = n ? body : "", .body_len = n, .body_max = body_max
	};

	return http_ask(&q, answer);
}
