/* payment-order.c: an order of ours, made known to WeChat Pay. */
#include "payment.h"

#include "base/log.h"
#include "pay/price.h"

static const enum wechatpay_kind kinds[PAY_PRODUCT_COUNT] = {
	[PAY_JSAPI] = WECHATPAY_JSAPI,
	[PAY_H5] = WECHATPAY_H5,
	[PAY_NATIVE] = WECHATPAY_NATIVE,
};

struct taking {
	int64_t application;
	enum pay_product product;
	struct pay_merchant merchant;
	int64_t after; /* an order that the service does not take any more */
	struct pay_order order;
	enum pay_taken taken;
};

static bool take(struct db *db, void *context)
{
	struct taking *t = context;

	t->taken = pay_order_take(db, t->application, t->product, &t->merchant, t->after,
				  &t->order);
	return t->taken == PAY_TAKEN;
}

/* One press of the button is one event; pressed or sent again, it gives the
 * order that it made. */
static bool take_order(struct page *p, struct taking *t)
{
	enum flow_result result = page_advance(p, "pay", NULL, take, t);

	return result == FLOW_MOVED ||
	       (result == FLOW_REPEATED && db_transaction(p->db, take, t) == DB_DONE);
}

static enum service_result prepay(struct page *p, struct payment *pay, const struct taking *t,
				  struct wechatpay_report *report)
{
	struct pay_parties parties;
	const char *address = getenv("REMOTE_ADDR");
	enum service_result result;

	pay_parties(p->db, p->application.id, config_text(p->config, "wechat_appid"), &parties);
	const struct wechatpay_order order = {
		.kind = kinds[t->product],
		.out_trade_no = t->order.out_trade_no,
		.description = parties.description,
		.total_fen = t->order.amount_fen,
		.time_expire = t->order.expires,
		.openid = parties.openid,
		.client_ip = address ? address : "",
		.h5_type = pay->h5_type,
	};
	buffer_reset(&pay->ticket);
	result = wechatpay_prepay(pay->merchant, &order, &pay->ticket, report);
	explicit_bzero(&parties, sizeof(parties));
	log_line(result == SERVICE_OK                                       ? LOG_INFO :
		 result == SERVICE_UNKNOWN || result == SERVICE_RETRY_LATER ? LOG_REFUSED :
									      LOG_FAULT,
		 "payment.prepay", "payment=%lld product=%s result=%s reason=%s %s",
		 (long long)t->order.id, pay_product_names[t->product],
		 service_result_names[result], wechatpay_reason_names[report->reason],
		 report->service.detail);
	return result;
}

/* The number is closed at the service, or was used for another order there: the
 * old row is asked about, and another number taken. */
static bool is_used_up(const struct wechatpay_report *report)
{
	return report->reason == WECHATPAY_ORDER_CLOSED ||
	       report->reason == WECHATPAY_OUT_TRADE_NO_USED;
}

static enum payment_result start(struct page *p, struct payment *pay, struct taking *t)
{
	struct wechatpay_report report = { .reason = WECHATPAY_REASON_NONE };
	enum service_result result = prepay(p, pay, t, &report);

	if (result != SERVICE_OK && is_used_up(&report)) {
		pay_ask_now(p->db, p->application.id);
		t->after = t->order.id;
		if (db_transaction(p->db, take, t) != DB_DONE)
			return t->taken == PAY_IS_PAID ? PAYMENT_IS_PAID : PAYMENT_NOT_OPEN;
		result = prepay(p, pay, t, &report);
	}
	if (result == SERVICE_OK)
		return PAYMENT_READY;
	if (report.reason == WECHATPAY_ORDER_PAID)
		return PAYMENT_IS_PAID;
	return result == SERVICE_UNKNOWN || result == SERVICE_RETRY_LATER ? PAYMENT_BUSY :
									    PAYMENT_REFUSED;
}

enum payment_result payment_start(struct page *p, struct payment *pay)
{
	struct taking t = {
		.application = p->application.id,
		.product = pay->product,
		.merchant = { config_text(p->config, "wechat_appid"),
			      config_text(p->config, "wechatpay_mchid") },
		.taken = PAY_NOT_OPEN,
	};

	if (take_order(p, &t))
		return start(p, pay, &t);
	return t.taken == PAY_IS_PAID ? PAYMENT_IS_PAID : PAYMENT_NOT_OPEN;
}
