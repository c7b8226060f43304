/* wechat-call.c: calls of the official account's interface and what they mean. */
#include "service/wechat-call.h"

#include "base/die.h"
#include "base/log.h"
#include "base/url.h"
#include "service/http.h"

#define ANSWER_MAX (64 * 1024)
#define RID_MAX 64

/* The token may be stale: fetch one, repeat once. */
#define REFRESH SERVICE_RESULT_COUNT

static const struct {
	long first, last;
	enum service_result result;
} meanings[] = {
	{ -1, -1, SERVICE_RETRY_LATER }, /* busy */
	{ 0, 0, SERVICE_OK },
	{ 40001, 40001, REFRESH }, /* token, or secret */
	{ 40003, 40003, SERVICE_UNREACHABLE }, /* no openid of this account */
	{ 40014, 40014, REFRESH }, /* no token */
	{ 40033, 40033, SERVICE_PERMANENT }, /* bad characters */
	{ 41001, 41009, SERVICE_PERMANENT }, /* something is missing */
	{ 42001, 42001, REFRESH }, /* too old */
	{ 43004, 43004, SERVICE_UNREACHABLE }, /* does not follow */
	{ 43019, 43019, SERVICE_UNREACHABLE }, /* on the black list */
	{ 43101, 43101, SERVICE_UNREACHABLE }, /* did not agree to be told */
	{ 45009, 45009, SERVICE_RETRY_LATER }, /* quota of the day */
	{ 45011, 45011, SERVICE_RETRY_LATER }, /* quota of the minute */
	{ 45047, 45047, SERVICE_UNREACHABLE }, /* too many to this person */
	{ 47001, 47003, SERVICE_PERMANENT }, /* data not valid */
	{ 50002, 50002, SERVICE_UNREACHABLE }, /* user limited */
};

/* Numbers that are not in the table are an alarm for the operator. */
static enum service_result meaning(long errcode)
{
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (errcode >= meanings[i].first && errcode <= meanings[i].last)
			return meanings[i].result;
	return SERVICE_ALARM;
}

enum service_result wechat_meaning(long errcode)
{
	enum service_result result = meaning(errcode);

	return result == REFRESH ? SERVICE_ALARM : result;
}

/* The request id is what WeChat's support asks for; the rest of the words may
 * quote what we sent. */
static void report_refusal(struct service_report *report, long errcode, const char *errmsg)
{
	const char *rid = errmsg ? strstr(errmsg, "rid: ") : NULL;
	int n = rid ? (int)strspn(rid + 5, "0123456789abcdefABCDEF-") : 0;

	report->code = errcode;
	snprintf(report->detail, sizeof(report->detail), "errcode=%ld rid=%.*s", errcode,
		 n > RID_MAX ? RID_MAX : n, rid ? rid + 5 : "");
}

static enum service_result read_answer(const struct buffer *body, json_t **answer,
				       struct service_report *report)
{
	json_t *json = json_loadb(buffer_text(body), body->len, JSON_REJECT_DUPLICATES, NULL);
	const json_t *errcode = json_object_get(json, "errcode");
	enum service_result result;

	if (!json_is_object(json) || (errcode && !json_is_integer(errcode))) {
		json_decref(json);
		snprintf(report->detail, sizeof(report->detail), "nonsense of %zu bytes",
			 body->len);
		return SERVICE_UNKNOWN;
	}
	result = meaning((long)json_integer_value(errcode));
	if (result == SERVICE_OK) {
		*answer = json;
		return result;
	}
	report_refusal(report, (long)json_integer_value(errcode),
		       json_string_value(json_object_get(json, "errmsg")));
	json_decref(json);
	return result;
}

static enum service_result send(const char *address, const json_t *body, json_t **answer,
				struct service_report *report)
{
	struct http_answer http;
	enum http_result sent;
	enum service_result result;
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;

	if (body && !text)
		die("json_dumps failed");
	*answer = NULL;
	memset(report, 0, sizeof(*report));
	sent = text ? http_post(address, "application/json; charset=utf-8", text, strlen(text),
				ANSWER_MAX, &http) :
		      http_get(address, ANSWER_MAX, &http);
	result = sent == HTTP_OK && http.status == 200 ?
			 read_answer(&http.body, answer, report) :
			 service_no_answer(sent, http.status, report);
	buffer_wipe(&http.body);
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	return result;
}

static void log_failure(const char *what, enum service_result result,
			const struct service_report *report)
{
	if (result != SERVICE_OK)
		log_line(LOG_FAULT, "wechat.call", "call=%s result=%s %s", what,
			 service_result_names[result], report->detail);
}

enum service_result wechat_ask(const char *address, const json_t *body, json_t **answer,
			       struct service_report *report)
{
	enum service_result result = send(address, body, answer, report);

	if (result == REFRESH)
		result = SERVICE_ALARM;
	log_failure("stable_token", result, report);
	return result;
}

static enum service_result send_with_token(const struct wechat_account *a, const char *path,
					   const json_t *body, json_t **answer,
					   struct service_report *report)
{
	struct buffer address = BUFFER_INIT, token = BUFFER_INIT;
	int64_t generation;
	enum service_result result = wechat_token_take(a, WECHAT_ACCESS_TOKEN, &token, &generation,
						       report);

	if (result == SERVICE_OK) {
		buffer_puts(&address, config_text(a->config, "wechat_api_url"));
		buffer_puts(&address, path);
		buffer_puts(&address, strchr(path, '?') ? "&access_token=" : "?access_token=");
		url_encode(&address, buffer_text(&token));
		result = send(buffer_text(&address), body, answer, report);
		if (result == REFRESH)
			wechat_token_drop(a, generation);
	}
	buffer_wipe(&address);
	buffer_wipe(&token);
	return result;
}

enum service_result wechat_call(const struct wechat_account *a, const char *path,
				const json_t *body, json_t **answer, struct service_report *report)
{
	enum service_result result = send_with_token(a, path, body, answer, report);

	if (result == REFRESH)
		result = send_with_token(a, path, body, answer, report);
	if (result == REFRESH)
		result = SERVICE_ALARM;
	log_failure(path, result, report);
	return result;
}
