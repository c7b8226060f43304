/* wechatpay.c: orders and refunds of WeChat Pay. */
#include "service/wechatpay.h"

#include <time.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/url.h"
#include "base/utf8.h"
#include "service/wechatpay-call.h"

const char *const wechatpay_kind_names[WECHATPAY_KIND_COUNT] = {
	[WECHATPAY_JSAPI] = "jsapi",
	[WECHATPAY_H5] = "h5",
	[WECHATPAY_NATIVE] = "native",
};

/* What a prepay call gives. */
static const struct {
	const char *key;
	size_t max;
} tickets[WECHATPAY_KIND_COUNT] = {
	[WECHATPAY_JSAPI] = { "prepay_id", WECHATPAY_PREPAY_ID_MAX },
	[WECHATPAY_H5] = { "h5_url", WECHATPAY_URL_MAX },
	[WECHATPAY_NATIVE] = { "code_url", WECHATPAY_URL_MAX },
};

/* The start of valid text, cut between characters. */
static char *cut(const char *text, size_t bytes, size_t characters)
{
	const char *at = text, *end = text;

	while (characters-- && utf8_next(&at) && (size_t)(at - text) <= bytes)
		end = at;
	return xmemdup0(text, (size_t)(end - text));
}

/* The error in the caller's arguments, or NULL. */
static const char *order_fault(const struct wechatpay_order *o)
{
	static const char *const types[] = { "Wap", "iOS", "Android" };
	int64_t at;
	size_t i = 0;

	if (!wechatpay_trade_no_good(o->out_trade_no))
		return "out_trade_no";
	if (!*o->description || !utf8_valid(o->description, strlen(o->description)))
		return "description";
	if (o->total_fen < 1 || o->total_fen > WECHATPAY_FEN_MAX)
		return "total_fen";
	if (o->time_expire && !wechatpay_time_read(o->time_expire, &at))
		return "time_expire";
	if (o->kind == WECHATPAY_JSAPI && (!o->openid || !*o->openid))
		return "openid";
	if (o->kind != WECHATPAY_H5)
		return NULL;
	if (!o->client_ip || !*o->client_ip)
		return "client_ip";
	while (i < ARRAY_SIZE(types) && (!o->h5_type || strcmp(types[i], o->h5_type) != 0))
		i++;
	return i == ARRAY_SIZE(types) ? "h5_type" : NULL;
}

static void put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		die("JSON: %s", key);
}

static void put_notify_url(const struct wechatpay_merchant *m, json_t *body)
{
	char *url = xprintf("%s" WECHATPAY_NOTIFY_PATH, config_text(m->config, "public_url"));

	put(body, "notify_url", json_string(url));
	free(url);
}

static json_t *order_body(const struct wechatpay_merchant *m, const struct wechatpay_order *o)
{
	char *description = cut(o->description, SIZE_MAX, WECHATPAY_DESCRIPTION_MAX);
	json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:{s:I, s:s}}", "appid", m->appid, "mchid",
				 m->mchid, "description", description, "out_trade_no",
				 o->out_trade_no, "amount", "total", (json_int_t)o->total_fen,
				 "currency", "CNY");

	if (!body)
		die("json_pack failed");
	free(description);
	put_notify_url(m, body);
	if (o->time_expire)
		put(body, "time_expire", json_string(o->time_expire));
	if (o->kind == WECHATPAY_JSAPI)
		put(body, "payer", json_pack("{s:s}", "openid", o->openid));
	if (o->kind == WECHATPAY_H5)
		put(body, "scene_info",
		    json_pack("{s:s, s:{s:s}}", "payer_client_ip", o->client_ip, "h5_info", "type",
			      o->h5_type));
	return body;
}

static bool printable(const char *text, size_t max)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	return n && n <= max;
}

static enum service_result read_ticket(const struct buffer *answer, enum wechatpay_kind kind,
				       struct buffer *ticket, struct wechatpay_report *report)
{
	json_t *json = json_loadb(buffer_text(answer), answer->len, JSON_REJECT_DUPLICATES, NULL);
	const char *text = json_string_value(json_object_get(json, tickets[kind].key));
	enum service_result result = SERVICE_OK;

	if (text && printable(text, tickets[kind].max))
		buffer_puts(ticket, text);
	else
		result = wechatpay_nonsense(tickets[kind].key, report);
	json_decref(json);
	return result;
}

enum service_result wechatpay_prepay(const struct wechatpay_merchant *m,
				     const struct wechatpay_order *o, struct buffer *ticket,
				     struct wechatpay_report *report)
{
	const char *fault = order_fault(o);
	struct buffer answer = BUFFER_INIT;
	enum service_result result;
	json_t *body;
	char *path;

	if (fault)
		return wechatpay_refuse(fault, report);
	body = order_body(m, o);
	path = xprintf("/v3/pay/transactions/%s", wechatpay_kind_names[o->kind]);
	result = wechatpay_call(m, wechatpay_kind_names[o->kind], path, body, &answer, report);
	if (result == SERVICE_OK)
		result = read_ticket(&answer, o->kind, ticket, report);
	json_decref(body);
	free(path);
	buffer_release(&answer);
	return result;
}

bool wechatpay_page_make(const struct wechatpay_merchant *m, const char *prepay_id,
			 struct wechatpay_page *page)
{
	struct buffer text = BUFFER_INIT, signature = BUFFER_INIT;
	uint8_t random[WECHATPAY_NONCE_MAX / 2];
	int64_t now = time(NULL);

	memset(page, 0, sizeof(*page));
	if (!printable(prepay_id, WECHATPAY_PREPAY_ID_MAX))
		return false;
	random_bytes(random, sizeof(random));
	hex_encode(random, sizeof(random), page->nonce_str);
	snprintf(page->app_id, sizeof(page->app_id), "%s", m->appid);
	snprintf(page->time_stamp, sizeof(page->time_stamp), "%lld", (long long)now);
	snprintf(page->package, sizeof(page->package), "prepay_id=%s", prepay_id);
	snprintf(page->sign_type, sizeof(page->sign_type), "RSA");
	wechatpay_page_text(&text, m->appid, now, page->nonce_str, prepay_id);
	wechatpay_sign(m->signer, text.data, text.len, &signature);
	snprintf(page->pay_sign, sizeof(page->pay_sign), "%s", signature.data);
	buffer_release(&text);
	buffer_release(&signature);
	return true;
}

static char *order_path(const struct wechatpay_merchant *m, const char *number, bool close)
{
	struct buffer path = BUFFER_INIT;

	buffer_puts(&path, "/v3/pay/transactions/out-trade-no/");
	url_encode(&path, number);
	if (close)
		buffer_puts(&path, "/close");
	else
		buffer_printf(&path, "?mchid=%s", m->mchid);
	return buffer_detach(&path);
}

enum service_result wechatpay_query(const struct wechatpay_merchant *m, const char *out_trade_no,
				    struct wechatpay_trade *trade, struct wechatpay_report *report)
{
	struct buffer answer = BUFFER_INIT;
	enum service_result result;
	enum wechatpay_read read;
	char *path;

	memset(trade, 0, sizeof(*trade));
	if (!wechatpay_trade_no_good(out_trade_no))
		return wechatpay_refuse("out_trade_no", report);
	path = order_path(m, out_trade_no, false);
	result = wechatpay_call(m, "query", path, NULL, &answer, report);
	if (result == SERVICE_OK) {
		read = wechatpay_trade_read(buffer_text(&answer), answer.len, trade);
		if (read != WECHATPAY_READ_OK)
			result = wechatpay_nonsense(wechatpay_read_names[read], report);
		else if (strcmp(trade->appid, m->appid) != 0 ||
			 strcmp(trade->mchid, m->mchid) != 0 ||
			 strcmp(trade->out_trade_no, out_trade_no) != 0)
			result = wechatpay_nonsense("another_order", report);
	}
	if (result != SERVICE_OK)
		memset(trade, 0, sizeof(*trade));
	free(path);
	buffer_wipe(&answer);
	return result;
}

enum service_result wechatpay_close_order(const struct wechatpay_merchant *m,
					  const char *out_trade_no, struct wechatpay_report *report)
{
	struct buffer answer = BUFFER_INIT;
	enum service_result result;
	json_t *body;
	char *path;

	if (!wechatpay_trade_no_good(out_trade_no))
		return wechatpay_refuse("out_trade_no", report);
	body = json_pack("{s:s}", "mchid", m->mchid);
	path = order_path(m, out_trade_no, true);
	result = wechatpay_call(m, "close", path, body, &answer, report);
	json_decref(body);
	free(path);
	buffer_release(&answer);
	return result;
}

/* INVALID_REQUEST and the like say of a refund that it does not fit the order. */
static enum service_result refund_result(enum service_result result, const struct buffer *answer,
					 const char *out_refund_no, struct wechatpay_refund *refund,
					 struct wechatpay_report *report)
{
	enum wechatpay_read read;

	if (result != SERVICE_OK)
		return result;
	read = wechatpay_refund_read(buffer_text(answer), answer->len, refund);
	if (read != WECHATPAY_READ_OK)
		return wechatpay_nonsense(wechatpay_read_names[read], report);
	if (strcmp(refund->out_refund_no, out_refund_no) != 0)
		return wechatpay_nonsense("another_refund", report);
	snprintf(report->service.reference, sizeof(report->service.reference), "%s",
		 refund->refund_id);
	return SERVICE_OK;
}

static const char *refund_fault(const struct wechatpay_refund_order *o)
{
	if (!wechatpay_trade_no_good(o->out_trade_no))
		return "out_trade_no";
	if (!wechatpay_refund_no_good(o->out_refund_no))
		return "out_refund_no";
	if (o->reason && !utf8_valid(o->reason, strlen(o->reason)))
		return "reason";
	if (o->total_fen < 1 || o->total_fen > WECHATPAY_FEN_MAX)
		return "total_fen";
	return o->refund_fen < 1 || o->refund_fen > o->total_fen ? "refund_fen" : NULL;
}

static json_t *refund_body(const struct wechatpay_merchant *m,
			   const struct wechatpay_refund_order *o)
{
	json_t *body = json_pack("{s:s, s:s, s:{s:I, s:I, s:s}}", "out_trade_no", o->out_trade_no,
				 "out_refund_no", o->out_refund_no, "amount", "refund",
				 (json_int_t)o->refund_fen, "total", (json_int_t)o->total_fen,
				 "currency", "CNY");

	if (!body)
		die("json_pack failed");
	put_notify_url(m, body);
	if (o->reason && *o->reason) {
		char *reason = cut(o->reason, WECHATPAY_REASON_MAX, SIZE_MAX);

		put(body, "reason", json_string(reason));
		free(reason);
	}
	return body;
}

enum service_result wechatpay_refund(const struct wechatpay_merchant *m,
				     const struct wechatpay_refund_order *o,
				     struct wechatpay_refund *refund,
				     struct wechatpay_report *report)
{
	const char *fault = refund_fault(o);
	struct buffer answer = BUFFER_INIT;
	enum service_result result;
	json_t *body;

	memset(refund, 0, sizeof(*refund));
	if (fault)
		return wechatpay_refuse(fault, report);
	body = refund_body(m, o);
	result = wechatpay_call(m, "refund", "/v3/refund/domestic/refunds", body, &answer, report);
	result = refund_result(result, &answer, o->out_refund_no, refund, report);
	if (result == SERVICE_OK &&
	    (refund->refund_fen != o->refund_fen || refund->total_fen != o->total_fen ||
	     strcmp(refund->out_trade_no, o->out_trade_no) != 0))
		result = wechatpay_nonsense("another_amount", report);
	/* In an answer to a refund these reasons concern its payment and its amount. */
	if (report->reason == WECHATPAY_REFUND_NOT_EXIST)
		report->reason = WECHATPAY_ORDER_NOT_EXIST;
	else if (report->reason == WECHATPAY_BAD_PARAMETER)
		report->reason = WECHATPAY_REFUND_MISMATCH;
	if (result != SERVICE_OK)
		memset(refund, 0, sizeof(*refund));
	json_decref(body);
	buffer_release(&answer);
	return result;
}

enum service_result wechatpay_refund_query(const struct wechatpay_merchant *m,
					   const char *out_refund_no,
					   struct wechatpay_refund *refund,
					   struct wechatpay_report *report)
{
	struct buffer answer = BUFFER_INIT, path = BUFFER_INIT;
	enum service_result result;

	memset(refund, 0, sizeof(*refund));
	if (!wechatpay_refund_no_good(out_refund_no))
		return wechatpay_refuse("out_refund_no", report);
	buffer_puts(&path, "/v3/refund/domestic/refunds/");
	url_encode(&path, out_refund_no);
	result = wechatpay_call(m, "refund_query", path.data, NULL, &answer, report);
	result = refund_result(result, &answer, out_refund_no, refund, report);
	if (result != SERVICE_OK)
		memset(refund, 0, sizeof(*refund));
	buffer_release(&path);
	buffer_release(&answer);
	return result;
}
