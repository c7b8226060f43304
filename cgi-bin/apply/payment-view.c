/* payment-view.c: the pages of apply/payment. */
#include "payment.h"

#include "base/die.h"
#include "base/money.h"
#include "base/url.h"
#include "page/layout.h"
#include "pay/price.h"
#include "qr-code.h"

/* A page that waits loads itself again, without script: often at first, then
 * more seldom, and not for ever. */
#define SOON_TRIES 6
#define SOON_S 2
#define LATER_TRIES 20
#define LATER_S 5
#define LAST_TRIES 50
#define LAST_S 12
/* A code to scan is shown for ten minutes; every fifth time the service is asked. */
#define CODE_TRIES 150
#define CODE_S 4
#define CODE_ASKS 5

static const struct {
	const char *main, *other; /* words of the button */
} words[PAY_PRODUCT_COUNT] = {
	[PAY_JSAPI] = { "微信支付", "微信支付" },
	[PAY_H5] = { "打开微信付款", "打开微信付款" },
	[PAY_NATIVE] = { "扫码付款", "用另一部手机扫码付款" },
};

static void load_bill(struct page *p, struct pay_bill *bill)
{
	if (!pay_bill(p->db, p->application.id, bill))
		die("application %lld is to be paid and has no price",
		    (long long)p->application.id);
}

void payment_path(struct page *p, enum pay_product way, struct buffer *out)
{
	layout_path(p, "apply/payment", out);
	buffer_printf(out, "&way=%s", pay_product_names[way]);
}

/* -- pieces -- */

static void write_price(struct markup *m, const struct pay_bill *bill)
{
	struct buffer price = BUFFER_INIT;

	money_text(&price, bill->price_fen);
	markup_open(m, "p", "class", "yj-price", NULL);
	markup_printf(m, "%s：", bill->title);
	markup_element(m, "strong", buffer_text(&price), NULL);
	markup_close(m, "p");
	buffer_release(&price);
}

static void write_pair(struct markup *m, const char *label, const char *value)
{
	markup_open(m, "div", NULL);
	markup_element(m, "dt", label, NULL);
	markup_element(m, "dd", value, NULL);
	markup_close(m, "div");
}

static void write_link(struct page *p, const char *label, const char *address)
{
	markup_element(p->markup, "a", label, "class", "weui-btn weui-btn_default", "href", address,
		       NULL);
}

/* A form of one button, that begins to pay. */
static void write_pay(struct page *p, enum pay_product way, const char *label, bool primary)
{
	struct markup *m = p->markup;

	layout_form(p, false);
	markup_void(m, "input", "type", "hidden", "name", "way", "value", pay_product_names[way],
		    NULL);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	markup_element(m, "button", label, "type", "submit", "class",
		       primary ? "weui-btn weui-btn_primary" : "weui-btn weui-btn_default", NULL);
	markup_close(m, "div");
	markup_close(m, "form");
}

/* The ways out of a page on which the applicant pays or waits. */
static void write_ways_out(struct page *p, enum pay_product way)
{
	struct buffer link = BUFFER_INIT;
	struct markup *m = p->markup;

	markup_open(m, "div", "class", "yj-buttons", NULL);
	payment_path(p, way, &link);
	buffer_puts(&link, "&after=paid");
	write_link(p, "已经付款", link.data);
	buffer_reset(&link);
	layout_path(p, "apply/payment", &link);
	write_link(p, "换一种方式", link.data);
	markup_close(m, "div");
	buffer_release(&link);
}

static void load_again(struct page *p, int after_s, const struct buffer *address)
{
	struct buffer value = BUFFER_INIT;

	buffer_printf(&value, "%d;url=%s", after_s, address->data);
	reply_header(&p->reply, "Refresh", value.data);
	buffer_release(&value);
}

/* How often this page was loaded by itself. */
static int tries(struct page *p)
{
	const char *n = request_query(p->request, "n");
	long tries = n ? strtol(n, NULL, 10) : 0;

	return tries < 0 || tries > LAST_TRIES + CODE_TRIES ? LAST_TRIES + CODE_TRIES : (int)tries;
}

/* -- the bill -- */

static void write_bill(struct markup *m, const struct pay_bill *bill)
{
	char deadline[48];

	snprintf(deadline, sizeof(deadline), "%s（北京时间）", bill->deadline);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "应付费用", "class", "yj-card__title", NULL);
	write_price(m, bill);
	markup_open(m, "dl", "class", "yj-view", NULL);
	write_pair(m, "付款期限", deadline);
	if (*bill->invoice_title)
		write_pair(m, "发票抬头", bill->invoice_title);
	markup_close(m, "dl");
	markup_element(m, "p",
		       "付款后开具电子发票，发到订单里填写的邮箱。付款成功后资料自动进入审核。",
		       "class", "yj-hint", NULL);
	markup_close(m, "section");
}

void payment_show_bill(struct page *p, const struct payment_ways *ways)
{
	struct pay_bill bill;
	struct buffer label = BUFFER_INIT;
	struct markup *m = layout_begin(p, "付款", 0);

	load_bill(p, &bill);
	if (p->message)
		markup_element(m, "p", p->message, "class", "yj-warning", "role", "alert", NULL);
	write_bill(m, &bill);
	buffer_printf(&label, "%s ", words[ways->usual].main);
	money_text(&label, bill.price_fen);
	write_pay(p, ways->usual, label.data, true);
	if (ways->other != ways->usual)
		write_pay(p, ways->other, words[ways->other].other, false);
	markup_open(m, "p", "class", "yj-hint", NULL);
	buffer_reset(&label);
	layout_path(p, "apply/status", &label);
	markup_element(m, "a", "返回办理进度", "href", label.data, NULL);
	markup_close(m, "p");
	layout_end(p);
	buffer_release(&label);
}

/* -- the ticket -- */

/* What htdocs/js/pay.js hands to WeChat; the button comes with the script. */
static void write_bridge(struct page *p, const struct wechatpay_page *page)
{
	struct buffer next = BUFFER_INIT;
	struct markup *m = p->markup;

	payment_path(p, PAY_JSAPI, &next);
	buffer_puts(&next, "&after=");
	markup_element(m, "p", "正在打开微信支付。", "class", "yj-lead", "role", "status",
		       "data-yj-pay-words", "", NULL);
	markup_open(m, "div", "class", "yj-buttons", "hidden", "", "data-yj-pay", next.data,
		    "data-app-id", page->app_id, "data-time-stamp", page->time_stamp,
		    "data-nonce-str", page->nonce_str, "data-package", page->package,
		    "data-sign-type", page->sign_type, "data-pay-sign", page->pay_sign, NULL);
	markup_element(m, "button", "打开微信支付", "type", "button", "class",
		       "weui-btn weui-btn_primary", NULL);
	markup_close(m, "div");
	markup_open(m, "noscript", NULL);
	markup_element(m, "p", "脚本没有运行，打不开微信支付。请点“换一种方式”，扫码付款。",
		       "class", "yj-warning", NULL);
	markup_close(m, "noscript");
	buffer_release(&next);
}

static void show_bridge(struct page *p, const char *ticket,
			const struct wechatpay_merchant *merchant)
{
	struct wechatpay_page page;

	if (!wechatpay_page_make(merchant, ticket, &page))
		die("a sealed ticket is no prepay_id");
	write_bridge(p, &page);
}

/* WeChat Pay checks the Referer, so a link leads there, not the answer to a form,
 * which our policy (form-action) keeps on this site. pay.js follows the link. */
static void show_visit(struct page *p, const char *h5_url)
{
	struct buffer back = BUFFER_INIT, address = BUFFER_INIT;
	struct markup *m = p->markup;

	buffer_puts(&back, config_text(p->config, "public_url"));
	payment_path(p, PAY_H5, &back);
	buffer_puts(&back, "&after=back");
	buffer_printf(&address, "%s%credirect_url=", h5_url, strchr(h5_url, '?') ? '&' : '?');
	url_encode(&address, back.data);
	markup_element(m, "p", "请点下面的按钮打开微信付款，付完会回到这里。五分钟内有效。",
		       "class", "yj-lead", NULL);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	markup_element(m, "a", words[PAY_H5].main, "class", "weui-btn weui-btn_primary", "href",
		       address.data, "referrerpolicy", "origin", "data-yj-pay-go", "", NULL);
	markup_close(m, "div");
	buffer_release(&back);
	buffer_release(&address);
}

static void show_code(struct page *p, const char *code_url)
{
	const char *sealed = request_query(p->request, "ticket");
	struct buffer again = BUFFER_INIT;
	struct markup *m = p->markup;
	int n = tries(p) + 1;

	markup_element(m, "p", "请用手机微信“扫一扫”，扫描下面的二维码付款。", "class", "yj-lead",
		       NULL);
	qr_code_write(m, code_url, "微信付款二维码");
	if (n % CODE_ASKS == 0)
		pay_ask_now(p->db, p->application.id);
	if (n >= CODE_TRIES) {
		markup_element(m, "p", "已经付款的，请点“已经付款”查看结果。", "class",
			       "yj-warning", NULL);
		return;
	}
	markup_element(m, "p", "付款后本页自动进入下一步。", "class", "yj-hint", NULL);
	payment_path(p, PAY_NATIVE, &again);
	buffer_printf(&again, "&ticket=%s&n=%d", sealed, n);
	load_again(p, CODE_S, &again);
	buffer_release(&again);
}

void payment_show_ticket(struct page *p, enum pay_product way, const char *ticket,
			 const struct wechatpay_merchant *merchant)
{
	struct pay_bill bill;
	struct markup *m = layout_begin(p, "付款", 0);

	load_bill(p, &bill);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", words[way].main, "class", "yj-card__title", NULL);
	write_price(m, &bill);
	if (way == PAY_JSAPI)
		show_bridge(p, ticket, merchant);
	else if (way == PAY_H5)
		show_visit(p, ticket);
	else
		show_code(p, ticket);
	markup_close(m, "section");
	write_ways_out(p, way);
	layout_end(p);
}

/* -- the wait -- */

static int pause_s(int n)
{
	return n < SOON_TRIES ? SOON_S : n < LATER_TRIES ? LATER_S : LAST_S;
}

static const char *known_after(const char *after)
{
	static const char *const known[] = { "paid", "ok", "cancel", "fail", "back" };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(known[i], after))
			return known[i];
	return known[0];
}

static void write_waiting(struct markup *m, bool on)
{
	markup_open(m, "section", "class", "yj-card", "role", "status", NULL);
	markup_element(m, "h2", on ? "正在确认付款结果" : "还没有收到付款结果", "class",
		       "yj-card__title", NULL);
	markup_element(
		m, "p",
		on ? "一般几秒钟就有结果，本页自动更新，不用操作。" :
		     "已经付款的，请不要重复付款，结果收到后会通知您，也可以在办理进度里查看。",
		"class", "yj-lead", NULL);
	markup_element(m, "p",
		       "没有付款，或者付款没有成功的，请点“重新付款”。多付的款项会自动退回。",
		       "class", "yj-hint", NULL);
	markup_close(m, "section");
}

void payment_show_waiting(struct page *p, enum pay_product way, const char *after)
{
	struct buffer again = BUFFER_INIT;
	int n = tries(p) + 1;
	bool on = n < LAST_TRIES;

	pay_ask_now(p->db, p->application.id);
	write_waiting(layout_begin(p, "付款结果", 0), on);
	if (on) {
		payment_path(p, way, &again);
		buffer_printf(&again, "&after=%s&n=%d", known_after(after), n);
		load_again(p, pause_s(n), &again);
	}
	write_pay(p, way, "重新付款", false);
	write_ways_out(p, way);
	layout_end(p);
	buffer_release(&again);
}
