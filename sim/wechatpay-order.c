/* wechatpay-order.c: the sim's prepay, query and close. */
#include "wechatpay.h"

#include <arpa/inet.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/url.h"
#include "base/utf8.h"
#include "service/wechatpay-notification.h"

#define PATH_PREFIX "/v3/pay/transactions/out-trade-no/"
#define EXPIRE_AHEAD_S 60
#define DESCRIPTION_MAX 127

static const struct kind {
	const char *name, *trade_type, *answer;
	long seconds;
} jsapi = { "jsapi", "JSAPI", "prepay_id", TICKET_SECONDS },
  h5 = { "h5", "MWEB", "h5_url", H5_SECONDS },
  native = { "native", "NATIVE", "code_url", TICKET_SECONDS };

static bool text_fits(const char *text, size_t max)
{
	return *text && utf8_length(text) <= max;
}

/* https, here also http on loopback, without a query. */
static bool notify_url_good(const char *url)
{
	return (!strncmp(url, "https://", 8) || !strncmp(url, "http://127.0.0.1:", 17)) &&
	       strlen(url) <= 255 && !strpbrk(url, "?# ");
}

static bool amount_good(const json_t *asked)
{
	const json_t *amount = json_object_get(asked, "amount");
	const json_t *total = json_object_get(amount, "total");
	const json_t *currency = json_object_get(amount, "currency");

	return json_is_integer(total) && json_integer_value(total) > 0 &&
	       json_integer_value(total) <= WECHATPAY_FEN_MAX &&
	       (!currency || !strcmp(pay_text(amount, "currency"), "CNY"));
}

static bool scene_good(const json_t *asked)
{
	const json_t *scene = json_object_get(asked, "scene_info");
	const char *type = pay_text(json_object_get(scene, "h5_info"), "type");
	const char *ip = pay_text(scene, "payer_client_ip");
	uint8_t address[16];

	return (inet_pton(AF_INET, ip, address) == 1 || inet_pton(AF_INET6, ip, address) == 1) &&
	       (!strcmp(type, "Wap") || !strcmp(type, "iOS") || !strcmp(type, "Android"));
}

static bool openid_good(const json_t *asked)
{
	const char *openid = pay_text(json_object_get(asked, "payer"), "openid");

	return *openid && strlen(openid) <= WECHATPAY_OPENID_MAX && !strpbrk(openid, " \"\\\n");
}

/* WeChat's error code; "" for none. */
static const char *order_error(const struct pay *p, const json_t *asked, const struct kind *kind)
{
	const char *expire = pay_text(asked, "time_expire");
	int64_t at;

	if (strcmp(pay_text(asked, "mchid"), config_text(p->config, "wechatpay_mchid")) != 0)
		return "PARAM_ERROR";
	if (strcmp(pay_text(asked, "appid"), config_text(p->config, "wechat_appid")) != 0)
		return "APPID_MCHID_NOT_MATCH";
	if (!text_fits(pay_text(asked, "description"), DESCRIPTION_MAX) ||
	    !wechatpay_trade_no_good(pay_text(asked, "out_trade_no")) ||
	    !notify_url_good(pay_text(asked, "notify_url")) || !amount_good(asked) ||
	    (json_object_get(asked, "time_expire") && !wechatpay_time_read(expire, &at)) ||
	    (json_object_get(asked, "attach") && utf8_length(pay_text(asked, "attach")) > 128) ||
	    (kind == &jsapi && !openid_good(asked)) || (kind == &h5 && !scene_good(asked)))
		return "PARAM_ERROR";
	return "";
}

bool order_is_expired(const json_t *order)
{
	int64_t at;

	return wechatpay_time_read(pay_text(json_object_get(order, "asked"), "time_expire"), &at) &&
	       at <= time(NULL);
}

bool order_is_paid(const json_t *order)
{
	return *pay_text(order, "transaction_id") != '\0';
}

static json_t *order_new(const json_t *asked, const struct kind *kind)
{
	json_t *order = json_pack("{s:s, s:s, s:s, s:s, s:O, s:I, s:{}, s:[], s:[]}",
				  "out_trade_no", pay_text(asked, "out_trade_no"), "kind",
				  kind->name, "trade_type", kind->trade_type, "state", "NOTPAY",
				  "asked", asked, "created_at", (json_int_t)time(NULL), "tickets",
				  "refunds", "notifications");

	if (!order)
		die("json_pack failed");
	return order;
}

/* A ticket is a prepay id; addresses have it as their parameter. */
static void give_ticket(struct pay *p, json_t *order, const struct kind *kind)
{
	char ticket[] = "wx000000000000000000000000000000000000";
	struct buffer url = BUFFER_INIT;

	random_digits(ticket + 2, sizeof(ticket) - 3);
	json_object_set_new(json_object_get(order, "tickets"), ticket,
			    json_integer(time(NULL) + kind->seconds));
	order_save(order);
	pointer_save("ticket", ticket, pay_text(order, "out_trade_no"));
	if (kind != &jsapi)
		buffer_printf(&url, "%s" PAY_PATH "/cashier?prepay_id=",
			      config_text(p->config, "public_url"));
	buffer_puts(&url, ticket);
	pay_json(p, 200, json_pack("{s:s}", kind->answer, url.data));
	buffer_release(&url);
}

static bool too_soon(const json_t *asked)
{
	int64_t at;

	return wechatpay_time_read(pay_text(asked, "time_expire"), &at) &&
	       at < time(NULL) + EXPIRE_AHEAD_S;
}

static void prepay(struct pay *p, const struct kind *kind)
{
	json_t *asked = pay_asked(p), *order;
	const char *error = asked ? order_error(p, asked, kind) : "";

	if (!asked || *error) {
		if (*error)
			pay_error(p, error);
		json_decref(asked);
		return;
	}
	pay_lock(p);
	order = order_load(pay_text(asked, "out_trade_no"));
	if (!order && too_soon(asked))
		pay_error(p, "PARAM_ERROR");
	else if (!order)
		give_ticket(p, order = order_new(asked, kind), kind);
	else if (order_is_paid(order))
		pay_error(p, "ORDERPAID");
	else if (!strcmp(pay_text(order, "state"), "CLOSED"))
		pay_error(p, "ORDER_CLOSED");
	else if (strcmp(pay_text(order, "kind"), kind->name) != 0 ||
		 !json_equal(json_object_get(order, "asked"), asked))
		pay_error(p, "OUT_TRADE_NO_USED");
	else
		give_ticket(p, order, kind);
	json_decref(order);
	json_decref(asked);
}

void pay_jsapi(struct pay *p)
{
	prepay(p, &jsapi);
}

void pay_h5(struct pay *p)
{
	prepay(p, &h5);
}

void pay_native(struct pay *p)
{
	prepay(p, &native);
}

json_t *order_trade(const struct pay *p, const json_t *order)
{
	const json_t *asked = json_object_get(order, "asked");
	json_int_t total =
		json_integer_value(json_object_get(json_object_get(asked, "amount"), "total"));
	const char *openid = pay_text(json_object_get(asked, "payer"), "openid");
	bool paid = order_is_paid(order) && !p->is_behind;
	const char *state = p->is_behind ? "NOTPAY" : pay_text(order, "state");
	char at[WECHATPAY_TIME_LEN + 1];
	json_t *trade = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "appid",
				  config_text(p->config, "wechat_appid"), "mchid",
				  config_text(p->config, "wechatpay_mchid"), "out_trade_no",
				  pay_text(order, "out_trade_no"), "trade_state", state,
				  "trade_state_desc", state, "attach", pay_text(asked, "attach"));

	if (!paid) {
		json_object_set_new(trade, "payer", json_object());
		json_object_set_new(trade, "amount",
				    json_pack("{s:I, s:s}", "total", total, "currency", "CNY"));
		return trade;
	}
	wechatpay_time_write(json_integer_value(json_object_get(order, "success_at")), at);
	json_object_set_new(trade, "transaction_id",
			    json_string(pay_text(order, "transaction_id")));
	json_object_set_new(trade, "trade_type", json_string(pay_text(order, "trade_type")));
	json_object_set_new(trade, "bank_type", json_string("OTHERS"));
	json_object_set_new(trade, "success_time", json_string(at));
	json_object_set_new(trade, "payer",
			    json_pack("{s:s}", "openid", *openid ? openid : "oSimPayer"));
	json_object_set_new(trade, "amount",
			    json_pack("{s:I, s:I, s:s, s:s}", "total", total, "payer_total", total,
				      "currency", "CNY", "payer_currency", "CNY"));
	return trade;
}

static void close_order(struct pay *p, json_t *order)
{
	json_t *asked = pay_asked(p);

	if (!asked)
		return;
	if (strcmp(pay_text(asked, "mchid"), config_text(p->config, "wechatpay_mchid")) != 0) {
		pay_error(p, "PARAM_ERROR");
	} else if (order_is_paid(order)) {
		pay_error(p, "ORDERPAID");
	} else {
		json_object_set_new(order, "state", json_string("CLOSED"));
		order_save(order);
		p->reply.status = 204;
	}
	json_decref(asked);
}

static void answer_order(struct pay *p, const char *number, bool close)
{
	const char *mchid = request_query(p->request, "mchid");
	json_t *order;

	if (!wechatpay_trade_no_good(number) ||
	    (!close && (!mchid || strcmp(mchid, config_text(p->config, "wechatpay_mchid")) != 0))) {
		pay_error(p, "PARAM_ERROR");
		return;
	}
	pay_lock(p);
	order = order_load(number);
	if (!order)
		pay_error(p, "ORDER_NOT_EXIST");
	else if (close)
		close_order(p, order);
	else
		pay_json(p, 200, order_trade(p, order));
	json_decref(order);
}

void pay_order(struct pay *p)
{
	char *number = xstrdup(p->request->path_info + strlen(PATH_PREFIX));
	char *slash = strchr(number, '/');
	bool close = slash && !strcmp(slash, "/close");

	if (slash)
		*slash = '\0';
	if ((slash && !close) || close != (p->request->method == METHOD_POST))
		p->reply.status = 404;
	else
		answer_order(p, number, close);
	free(number);
}
