/* wechatpay-call.c: signed calls of WeChat Pay, and what their answers mean. */
#include "service/wechatpay-call.h"

#include <time.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"

#define ANSWER_MAX (256 * 1024)
#define CODE_MAX 40

const char *const wechatpay_reason_names[WECHATPAY_REASON_COUNT] = {
	[WECHATPAY_REASON_NONE] = "none",
	[WECHATPAY_ORDER_NOT_EXIST] = "order_not_exist",
	[WECHATPAY_ORDER_PAID] = "order_paid",
	[WECHATPAY_ORDER_CLOSED] = "order_closed",
	[WECHATPAY_OUT_TRADE_NO_USED] = "out_trade_no_used",
	[WECHATPAY_REFUND_NOT_EXIST] = "refund_not_exist",
	[WECHATPAY_REFUND_MISMATCH] = "refund_mismatch",
	[WECHATPAY_NOT_ENOUGH] = "not_enough",
	[WECHATPAY_USER_CLOSED] = "user_closed",
	[WECHATPAY_NO_STATEMENT] = "no_statement",
	[WECHATPAY_BILL_NOT_READY] = "bill_not_ready",
	[WECHATPAY_BAD_PARAMETER] = "bad_parameter",
	[WECHATPAY_CREDENTIAL] = "credential",
	[WECHATPAY_TOO_OFTEN] = "too_often",
	[WECHATPAY_SYSTEM] = "system",
	[WECHATPAY_UNVERIFIED] = "unverified",
	[WECHATPAY_NONSENSE] = "nonsense",
	[WECHATPAY_NO_ANSWER] = "no_answer",
	[WECHATPAY_OTHER] = "other",
};

static const char *const field_names[FIELD_COUNT] = {
	[FIELD_SIGNATURE] = "Wechatpay-Signature", [FIELD_TIMESTAMP] = "Wechatpay-Timestamp",
	[FIELD_NONCE] = "Wechatpay-Nonce",         [FIELD_SERIAL] = "Wechatpay-Serial",
	[FIELD_REQUEST_ID] = "Request-ID",
};

/* WeChat's codes; some have an older spelling. */
static const struct {
	const char *code;
	enum service_result result;
	enum wechatpay_reason reason;
} meanings[] = {
	{ "ORDER_NOT_EXIST", SERVICE_PERMANENT, WECHATPAY_ORDER_NOT_EXIST },
	{ "ORDERNOTEXIST", SERVICE_PERMANENT, WECHATPAY_ORDER_NOT_EXIST },
	{ "ORDER_PAID", SERVICE_PERMANENT, WECHATPAY_ORDER_PAID },
	{ "ORDERPAID", SERVICE_PERMANENT, WECHATPAY_ORDER_PAID },
	{ "ORDER_CLOSED", SERVICE_PERMANENT, WECHATPAY_ORDER_CLOSED },
	{ "ORDERCLOSED", SERVICE_PERMANENT, WECHATPAY_ORDER_CLOSED },
	{ "OUT_TRADE_NO_USED", SERVICE_PERMANENT, WECHATPAY_OUT_TRADE_NO_USED },
	{ "RESOURCE_NOT_EXISTS", SERVICE_PERMANENT, WECHATPAY_REFUND_NOT_EXIST },
	{ "NOT_ENOUGH", SERVICE_RETRY_LATER, WECHATPAY_NOT_ENOUGH },
	{ "USER_ACCOUNT_ABNORMAL", SERVICE_PERMANENT, WECHATPAY_USER_CLOSED },
	{ "NO_STATEMENT_EXIST", SERVICE_OK, WECHATPAY_NO_STATEMENT },
	{ "STATEMENT_CREATING", SERVICE_RETRY_LATER, WECHATPAY_BILL_NOT_READY },
	{ "PARAM_ERROR", SERVICE_PERMANENT, WECHATPAY_BAD_PARAMETER },
	{ "INVALID_REQUEST", SERVICE_PERMANENT, WECHATPAY_BAD_PARAMETER },
	{ "SIGN_ERROR", SERVICE_ALARM, WECHATPAY_CREDENTIAL },
	{ "NO_AUTH", SERVICE_ALARM, WECHATPAY_CREDENTIAL },
	{ "APPID_MCHID_NOT_MATCH", SERVICE_ALARM, WECHATPAY_CREDENTIAL },
	{ "MCH_NOT_EXISTS", SERVICE_ALARM, WECHATPAY_CREDENTIAL },
	{ "FREQUENCY_LIMITED", SERVICE_RETRY_LATER, WECHATPAY_TOO_OFTEN },
	{ "FREQUENCY_LIMIT_EXCEED", SERVICE_RETRY_LATER, WECHATPAY_TOO_OFTEN },
	{ "RATELIMIT_EXCEEDED", SERVICE_RETRY_LATER, WECHATPAY_TOO_OFTEN },
	{ "SYSTEM_ERROR", SERVICE_UNKNOWN, WECHATPAY_SYSTEM },
	{ "SYSTEMERROR", SERVICE_UNKNOWN, WECHATPAY_SYSTEM },
	{ "BANK_ERROR", SERVICE_UNKNOWN, WECHATPAY_SYSTEM },
};

bool wechatpay_configured(const struct config *config)
{
	return *config_text(config, "wechatpay_mchid");
}

static bool only(const char *text, const char *characters, size_t max)
{
	size_t n = strspn(text, characters);

	return n && n <= max && !text[n];
}

/* The first setting that is not given and that config_load() does not insist on. */
static const char *first_missing(const struct config *config)
{
	static const char *const keys[] = { "wechatpay_mchid", "wechatpay_apiv3_key" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!*config_text(config, keys[i]))
			return keys[i];
	return NULL;
}

struct wechatpay_merchant *wechatpay_open(const struct config *config, struct buffer *why)
{
	struct wechatpay_merchant *m = xcalloc(1, sizeof(*m));
	const char *missing;

	m->config = config;
	m->appid = config_text(config, "wechat_appid");
	m->mchid = config_text(config, "wechatpay_mchid");
	m->serial = config_text(config, "wechatpay_serial");
	m->key_id = config_text(config, "wechatpay_public_key_id");
	missing = first_missing(config);
	if (missing)
		buffer_printf(why, "%s is not given", missing);
	else if (strlen(m->appid) > WECHATPAY_APPID_MAX)
		buffer_puts(why, "wechat_appid is too long");
	else if (!only(m->mchid, "0123456789", WECHATPAY_MCHID_MAX))
		buffer_puts(why, "wechatpay_mchid is no number");
	else if (!only(m->serial, "0123456789ABCDEFabcdef", WECHATPAY_SERIAL_MAX))
		buffer_puts(why, "wechatpay_serial is no hex number");
	else if (!wechatpay_apiv3_key(config, m->apiv3_key))
		buffer_puts(why, "wechatpay_apiv3_key is not 32 ASCII characters");
	else
		m->signer = wechatpay_signer_open(config_text(config, "wechatpay_key_file"), why);
	if (!m->signer) {
		wechatpay_close(m);
		return NULL;
	}
	m->keys = wechatpay_keys_open(config);
	return m;
}

void wechatpay_close(struct wechatpay_merchant *m)
{
	if (!m)
		return;
	wechatpay_signer_free(m->signer);
	wechatpay_keys_free(m->keys);
	explicit_bzero(m->apiv3_key, sizeof(m->apiv3_key));
	free(m);
}

/* What comes after scheme and host: exactly this is signed. */
static const char *path_of(const char *url)
{
	const char *host = strstr(url, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;

	return path ? path : "/";
}

static void authorize(const struct wechatpay_merchant *m, const char *url, const char *body,
		      struct buffer *line)
{
	uint8_t random[WECHATPAY_NONCE_MAX / 2];
	char nonce[WECHATPAY_NONCE_MAX + 1];

	random_bytes(random, sizeof(random));
	hex_encode(random, sizeof(random), nonce);
	buffer_puts(line, "Authorization: ");
	wechatpay_authorization(m->signer, m->mchid, m->serial, time(NULL), nonce,
				body ? "POST" : "GET", path_of(url), body ? body : "",
				body ? strlen(body) : 0, line);
}

void wechatpay_send(const struct wechatpay_merchant *m, const char *url, const char *body,
		    size_t body_max, struct wechatpay_answer *answer)
{
	struct buffer authorization = BUFFER_INIT, key = BUFFER_INIT;
	const char *headers[3] = { "Accept: application/json" };
	struct http_request q = {
		.url = url,
		.type = "application/json",
		.body = body,
		.body_len = body ? strlen(body) : 0,
		.header = headers,
		.header_count = 2,
		.want = answer->field,
		.want_count = FIELD_COUNT,
		.body_max = body_max,
	};

	for (size_t i = 0; i < FIELD_COUNT; i++)
		answer->field[i].name = field_names[i];
	authorize(m, url, body, &authorization);
	headers[1] = authorization.data;
	if (*m->key_id) {
		buffer_printf(&key, "Wechatpay-Serial: %s", m->key_id);
		headers[q.header_count++] = key.data;
	}
	answer->sent = http_ask(&q, &answer->http);
	buffer_wipe(&authorization);
	buffer_release(&key);
}

enum wechatpay_verdict wechatpay_judge(const struct wechatpay_keys *keys,
				       const struct wechatpay_answer *answer)
{
	const struct wechatpay_signed s = {
		.timestamp = answer->field[FIELD_TIMESTAMP].value,
		.nonce = answer->field[FIELD_NONCE].value,
		.signature = answer->field[FIELD_SIGNATURE].value,
		.serial = answer->field[FIELD_SERIAL].value,
		.body = buffer_text(&answer->http.body),
		.body_len = answer->http.body.len,
	};

	return wechatpay_verify(keys, &s, time(NULL));
}

/* WeChat's code in an error answer, into out; "" if none. */
static void read_code(const struct buffer *body, char out[CODE_MAX + 1])
{
	json_t *json = json_loadb(buffer_text(body), body->len, JSON_REJECT_DUPLICATES, NULL);
	const char *code = json_string_value(json_object_get(json, "code"));

	snprintf(out, CODE_MAX + 1, "%s", code ? code : "");
	if (out[strspn(out, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")])
		*out = '\0';
	json_decref(json);
}

/* An error that is proved to be WeChat's. */
static enum service_result error_meaning(long status, const char *code,
					 struct wechatpay_report *report)
{
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (!strcmp(meanings[i].code, code)) {
			report->reason = meanings[i].reason;
			return meanings[i].result;
		}
	report->reason = status >= 500 ? WECHATPAY_SYSTEM : WECHATPAY_OTHER;
	if (status == 429)
		return SERVICE_RETRY_LATER;
	return status >= 500 ? SERVICE_UNKNOWN : SERVICE_ALARM;
}

static enum service_result no_answer(enum http_result sent, struct wechatpay_report *report)
{
	report->reason = WECHATPAY_NO_ANSWER;
	snprintf(report->service.detail, sizeof(report->service.detail), "http=%s",
		 http_result_names[sent]);
	if (sent == HTTP_REFUSED)
		return SERVICE_RETRY_LATER;
	return sent == HTTP_BAD_URL || sent == HTTP_UNTRUSTED ? SERVICE_ALARM : SERVICE_UNKNOWN;
}

static void read_request_id(const struct wechatpay_answer *answer, struct wechatpay_report *report)
{
	const char *id = answer->field[FIELD_REQUEST_ID].value;

	snprintf(report->request_id, sizeof(report->request_id), "%.63s", id);
	for (char *c = report->request_id; *c; c++)
		if (*c <= ' ' || *c > '~')
			*c = '?';
}

enum service_result wechatpay_meaning(const struct wechatpay_answer *answer,
				      enum wechatpay_verdict verdict,
				      struct wechatpay_report *report)
{
	long status = answer->http.status;
	bool good = status == 200 || status == 202 || status == 204;
	char code[CODE_MAX + 1] = "";
	enum service_result result = SERVICE_OK;

	memset(report, 0, sizeof(*report));
	report->verdict = verdict;
	if (answer->sent != HTTP_OK)
		return no_answer(answer->sent, report);
	report->service.code = status;
	read_request_id(answer, report);
	if (!good)
		read_code(&answer->http.body, code);
	if (verdict != WECHATPAY_VERIFIED) {
		report->reason = status == 401 ? WECHATPAY_CREDENTIAL : WECHATPAY_UNVERIFIED;
		result = status == 401 ? SERVICE_ALARM : SERVICE_UNKNOWN;
	} else if (!good) {
		result = error_meaning(status, code, report);
	}
	if (result != SERVICE_OK || report->reason != WECHATPAY_REASON_NONE)
		snprintf(report->service.detail, sizeof(report->service.detail),
			 "status=%ld code=%s answer=%s request=%s", status, code,
			 wechatpay_verdict_names[verdict], report->request_id);
	return result;
}

enum service_result wechatpay_nonsense(const char *what, struct wechatpay_report *report)
{
	report->reason = WECHATPAY_NONSENSE;
	snprintf(report->service.detail, sizeof(report->service.detail),
		 "status=%ld nonsense=%s request=%s", report->service.code, what,
		 report->request_id);
	return SERVICE_UNKNOWN;
}

enum service_result wechatpay_refuse(const char *field, struct wechatpay_report *report)
{
	memset(report, 0, sizeof(*report));
	report->reason = WECHATPAY_BAD_PARAMETER;
	snprintf(report->service.detail, sizeof(report->service.detail), "not sent: bad %s", field);
	return SERVICE_PERMANENT;
}

void wechatpay_log(const char *what, enum service_result result,
		   const struct wechatpay_report *report)
{
	/* That an order is closed, say, is a fact and no fault. */
	if (result != SERVICE_OK)
		log_line(result == SERVICE_PERMANENT ? LOG_INFO : LOG_FAULT, "wechatpay.call",
			 "call=%s result=%s reason=%s %s", what, service_result_names[result],
			 wechatpay_reason_names[report->reason], report->service.detail);
}

static enum service_result call_once(const struct wechatpay_merchant *m, const char *url,
				     const char *body, struct buffer *out,
				     struct wechatpay_report *report)
{
	struct wechatpay_answer answer;
	enum service_result result;

	wechatpay_send(m, url, body, ANSWER_MAX, &answer);
	result = wechatpay_meaning(&answer, wechatpay_judge(m->keys, &answer), report);
	if (result == SERVICE_OK && report->reason == WECHATPAY_REASON_NONE)
		buffer_add(out, buffer_text(&answer.http.body), answer.http.body.len);
	buffer_wipe(&answer.http.body);
	return result;
}

enum service_result wechatpay_call(const struct wechatpay_merchant *m, const char *what,
				   const char *path, const json_t *body, struct buffer *answer,
				   struct wechatpay_report *report)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	char *url = xprintf("%s%s", config_text(m->config, "wechatpay_api_url"), path);
	enum service_result result;

	if (body && !text)
		die("json_dumps failed");
	result = call_once(m, url, text, answer, report);
	if (report->verdict == WECHATPAY_PROBE)
		result = call_once(m, url, text, answer, report);
	wechatpay_log(what, result, report);
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
	free(url);
	return result;
}
