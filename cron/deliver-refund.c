/* deliver-refund.c: requests the refunds of an application that has ended, and sends
 * a refund that an accountant has confirmed. */
#include "deliver.h"

#include <jansson.h>

#include "base/log.h"
#include "billing/billing.h"
#include "case/due.h"
#include "pay/pay.h"
#include "service/wechatpay.h"

int64_t deliver_number(const struct delivery *d, const char *name)
{
	json_t *json = json_loads(d->row->payload, 0, NULL);
	int64_t n = json_integer_value(json_object_get(json, name));

	json_decref(json);
	return n;
}

struct billing_seller deliver_seller(const struct delivery *d)
{
	bool automatic = invoice_is_automatic(d->config);

	return (struct billing_seller){
		.provider = automatic ? config_text(d->config, "invoice_provider") : BILLING_MANUAL,
		.tax_percent = (int)config_int(d->config, "invoice_tax_percent"),
	};
}

enum service_result deliver_refund(struct delivery *d)
{
	int64_t staff = case_rejected_by(d->db, d->row->application, d->row->event);
	char key[64];
	int requested;

	if (staff) {
		snprintf(key, sizeof(key), "rejected-%lld", (long long)d->row->event);
		outbox_add(d->db, "rejected", d->row->application, key, NULL);
	}
	requested = pay_refund_all(d->db, d->row->application);
	log_line(LOG_INFO, "refund.requested", "application=%lld requested=%d",
		 (long long)d->row->application, requested);
	return SERVICE_OK;
}

static const enum pay_refund_news news[WECHATPAY_REFUND_STATUS_COUNT] = {
	[WECHATPAY_REFUND_SUCCESS] = PAY_REFUND_DONE,
	[WECHATPAY_REFUND_PROCESSING] = PAY_REFUND_UNDER_WAY,
	[WECHATPAY_REFUND_CLOSED] = PAY_REFUND_CLOSED,
	[WECHATPAY_REFUND_ABNORMAL] = PAY_REFUND_ABNORMAL,
};

/* The ledger takes only the amount that the accountant has confirmed. */
static enum service_result book(struct delivery *d, const struct pay_refund *refund,
				const struct wechatpay_refund *answer)
{
	if (pay_refund_book(d->db, refund->out_refund_no, news[answer->status], answer->refund_id,
			    answer->refund_fen) == PAY_REFUND_UNKNOWN)
		return deliver_failed(d, SERVICE_PERMANENT, "the service names another amount");
	return SERVICE_OK;
}

/* The service has refused the refund for good, as when the payer's account is closed.
 * An accountant retries it or pays by other means, but only after the service has said
 * that it knows no such refund: a call whose answer was lost may have succeeded. */
static enum service_result refused(struct delivery *d, const struct wechatpay_merchant *merchant,
				   const struct pay_refund *refund)
{
	struct wechatpay_report report = { 0 };
	struct wechatpay_refund answer;
	enum service_result result = wechatpay_refund_query(merchant, refund->out_refund_no,
							    &answer, &report);

	if (result == SERVICE_OK)
		return book(d, refund, &answer);
	if (report.reason != WECHATPAY_REFUND_NOT_EXIST) {
		d->report = report.service;
		return result;
	}
	pay_refund_book(d->db, refund->out_refund_no, PAY_REFUND_ABNORMAL, "", refund->amount_fen);
	return deliver_failed(d, SERVICE_OK, "refused: an accountant's now");
}

static enum service_result send(struct delivery *d, const struct pay_refund *refund)
{
	struct buffer why = BUFFER_INIT;
	struct wechatpay_merchant *merchant = wechatpay_open(d->config, &why);
	struct wechatpay_report report = { 0 };
	struct wechatpay_refund answer;
	const struct wechatpay_refund_order order = {
		.out_trade_no = refund->out_trade_no,
		.out_refund_no = refund->out_refund_no,
		.reason = "证书申请退款",
		.refund_fen = refund->amount_fen,
		.total_fen = refund->paid_fen,
	};
	enum service_result result;

	buffer_release(&why);
	if (!merchant)
		return deliver_failed(d, SERVICE_ALARM, "WeChat Pay is not set up");
	result = wechatpay_refund(merchant, &order, &answer, &report);
	d->report = report.service;
	if (result == SERVICE_OK)
		result = book(d, refund, &answer);
	else if (result == SERVICE_PERMANENT)
		result = refused(d, merchant, refund);
	wechatpay_close(merchant);
	return result;
}

/* A refund that is sent or settled needs nothing. Its number never changes, so a call
 * without an answer can be repeated. */
enum service_result deliver_refund_send(struct delivery *d)
{
	const struct billing_seller seller = deliver_seller(d);
	struct pay_refund refund;

	if (!pay_refund_load(d->db, deliver_number(d, "refund"), &refund))
		return deliver_failed(d, SERVICE_PERMANENT, "no such refund");
	if (strcmp(refund.state, "confirmed") != 0)
		return deliver_failed(d, SERVICE_OK, "was sent before");
	switch (billing_red_first(d->db, &seller, pay_refund_payment(d->db, refund.id))) {
	case BILLING_RED_PENDING:
		return deliver_failed(d, SERVICE_RETRY_LATER, "waits for the invoice");
	case BILLING_RED_BY_HAND:
		return deliver_failed(d, SERVICE_OK, "comes again after the red invoice");
	case BILLING_RED_SETTLED:
	default:
		return send(d, &refund);
	}
}
