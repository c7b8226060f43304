/* wechatpay-cashier.c: where the sim's payer pays, cancels or closes. */
#include "wechatpay.h"

#include "base/die.h"
#include "base/url.h"
#include "frame.h"

/* Query or field, whichever the method has. */
static const char *given(const struct pay *p, const char *name)
{
	const char *value = p->request->method == METHOD_POST ? request_field(p->request, name) :
								request_query(p->request, name);

	return value ? value : "";
}

/* Why this order cannot be paid now; NULL: it can. */
static const char *obstacle(const json_t *order, const char *ticket)
{
	json_int_t until =
		json_integer_value(json_object_get(json_object_get(order, "tickets"), ticket));

	if (!order)
		return "没有这笔订单。请返回商家页面重新付款。";
	if (order_is_paid(order))
		return "这笔订单已经付过款，不用再付。";
	if (!strcmp(pay_text(order, "state"), "CLOSED"))
		return "这笔订单已关闭。请返回商家页面重新下单。";
	if (order_is_expired(order))
		return "这笔订单已过期。请返回商家页面重新下单。";
	return until <= time(NULL) ? "付款链接已过期。请返回商家页面重新付款。" : NULL;
}

static json_int_t total_of(const json_t *order)
{
	return json_integer_value(json_object_get(
		json_object_get(json_object_get(order, "asked"), "amount"), "total"));
}

static void pay_now(struct pay *p, json_t *order)
{
	char id[] = "4200000000000000000000000000";

	random_digits(id + 4, sizeof(id) - 5);
	json_object_set_new(order, "transaction_id", json_string(id));
	json_object_set_new(order, "state", json_string("SUCCESS"));
	json_object_set_new(order, "success_at", json_integer(time(NULL)));
	notification_add(order, "TRANSACTION.SUCCESS", order_trade(p, order));
	order_save(order);
}

/* Does what a button says, under the lock; what to tell the payer. */
static const char *act(struct pay *p, const char *ticket, const char *act)
{
	json_t *order;
	const char *said;

	pay_lock(p);
	order = order_by("ticket", ticket);
	said = obstacle(order, ticket);
	if (said) {
		pay_unlock(p);
	} else if (!strcmp(act, "pay")) {
		pay_now(p, order);
		pay_unlock(p);
		notifications_send(p, pay_text(order, "out_trade_no"), NULL, false, 0);
		said = "支付成功";
	} else if (!strcmp(act, "close")) {
		json_object_set_new(order, "state", json_string("CLOSED"));
		order_save(order);
		pay_unlock(p);
		said = "订单已关闭";
	} else {
		pay_unlock(p);
		said = "已取消，没有付款";
	}
	json_decref(order);
	return said;
}

/* A page of the merchant's; "" for any other. */
static const char *way_back(const struct pay *p)
{
	const char *own = config_text(p->config, "public_url");
	const char *back = given(p, "redirect_url");
	size_t n = strlen(own);

	return !strncmp(back, own, n) && back[n] == '/' ? back : "";
}

static void write_order(struct markup *m, const json_t *order)
{
	json_int_t total = total_of(order);

	markup_open(m, "div", "class", "yj-card", NULL);
	markup_element(m, "p", pay_text(json_object_get(order, "asked"), "description"), "class",
		       "yj-card__title", NULL);
	markup_open(m, "p", NULL);
	markup_printf(m, "¥ %lld.%02lld", total / 100, total % 100);
	markup_close(m, "p");
	markup_element(m, "p", pay_text(order, "out_trade_no"), NULL);
	markup_close(m, "div");
}

static void write_buttons(struct pay *p, struct markup *m, const char *ticket)
{
	static const char *const buttons[][3] = {
		{ "pay", "付款", "weui-btn weui-btn_primary" },
		{ "cancel", "取消", "weui-btn weui-btn_default" },
		{ "close", "关闭订单", "weui-btn weui-btn_default" },
	};

	markup_open(m, "form", "class", "yj-form", "method", "post", "action", PAY_PATH "/cashier",
		    NULL);
	markup_void(m, "input", "type", "hidden", "name", "prepay_id", "value", ticket, NULL);
	markup_void(m, "input", "type", "hidden", "name", "redirect_url", "value", way_back(p),
		    NULL);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(buttons); i++)
		markup_element(m, "button", buttons[i][1], "class", buttons[i][2], "type", "submit",
			       "name", "act", "value", buttons[i][0], NULL);
	markup_close(m, "div");
	markup_close(m, "form");
}

static void show(struct pay *p, const char *ticket, const char *said)
{
	struct markup *m = frame_begin("微信支付（演示）");
	json_t *order = order_by("ticket", ticket);
	const char *why = obstacle(order, ticket);

	if (said || why)
		markup_element(m, "p", said ? said : why, "class", "yj-lead", "role", "status",
			       NULL);
	if (order)
		write_order(m, order);
	if (!said && !why)
		write_buttons(p, m, ticket);
	if ((said || why) && *way_back(p)) {
		markup_open(m, "div", "class", "yj-buttons", NULL);
		markup_element(m, "a", "返回商家", "class", "weui-btn weui-btn_primary", "href",
			       way_back(p), NULL);
		markup_close(m, "div");
	}
	json_decref(order);
	frame_end(m, &p->reply.body);
}

void pay_cashier(struct pay *p)
{
	const char *ticket = given(p, "prepay_id");

	show(p, ticket, p->request->method == METHOD_POST ? act(p, ticket, given(p, "act")) : NULL);
}

/* What WeChat checks before it opens its cashier; NULL: all is well. */
static const char *page_fault(const struct pay *p, const char *ticket)
{
	struct buffer text = BUFFER_INIT;
	long long age = (long long)time(NULL) - strtoll(given(p, "timeStamp"), NULL, 10);
	bool good;

	if (strcmp(given(p, "appId"), config_text(p->config, "wechat_appid")) != 0)
		return "appId 不对";
	if (strcmp(given(p, "signType"), "RSA") != 0)
		return "signType 不是 RSA";
	if (!*given(p, "nonceStr") || strlen(given(p, "nonceStr")) > 32)
		return "nonceStr 不对";
	if (age > WECHATPAY_WINDOW_S || age < -WECHATPAY_WINDOW_S)
		return "timeStamp 太旧或太新";
	if (!ticket)
		return "package 不是 prepay_id=…";
	buffer_printf(&text, "%s\n%s\n%s\n%s\n", given(p, "appId"), given(p, "timeStamp"),
		      given(p, "nonceStr"), given(p, "package"));
	good = pay_signed_by_merchant(given(p, "paySign"), &text);
	buffer_release(&text);
	return good ? NULL : "paySign 不对";
}

void pay_bridge(struct pay *p)
{
	const char *package = given(p, "package");
	const char *ticket = strncmp(package, "prepay_id=", 10) ? NULL : package + 10;
	const char *why = page_fault(p, ticket);
	json_t *order = why ? NULL : order_by("ticket", ticket);
	const json_t *asked = json_object_get(order, "asked");

	if (!why && order && strcmp(pay_text(order, "kind"), "jsapi") != 0)
		why = "不是 JSAPI 订单";
	if (!why)
		why = obstacle(order, ticket);
	if (why)
		pay_json(p, 400, json_pack("{s:s}", "why", why));
	else
		pay_json(p, 200,
			 json_pack("{s:s, s:s, s:I}", "prepay_id", ticket, "description",
				   pay_text(asked, "description"), "total", total_of(order)));
	json_decref(order);
}
