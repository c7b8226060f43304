/* poll-order.c: asks WeChat Pay about orders, and closes orders that may not be paid.
 *
 * The ledger takes the answers of queries only. After a close the order is queried
 * again, since the payer may have paid just before. */
#include "poll.h"

#include "base/log.h"
#include "guard.h"

#define CURRENCY_MAX 8 /* payment.currency */

enum pay_booked poll_book_trade(struct poll *w, const struct wechatpay_trade *trade)
{
	static const enum pay_news_kind kinds[WECHATPAY_TRADE_STATE_COUNT] = {
		[WECHATPAY_TRADE_SUCCESS] = PAY_NEWS_PAID,
		[WECHATPAY_TRADE_REFUND] = PAY_NEWS_PAID,
		[WECHATPAY_TRADE_NOTPAY] = PAY_NEWS_NOT_PAID,
		[WECHATPAY_TRADE_CLOSED] = PAY_NEWS_CLOSED,
		[WECHATPAY_TRADE_USERPAYING] = PAY_NEWS_NOT_PAID,
		[WECHATPAY_TRADE_PAYERROR] = PAY_NEWS_NOT_PAID,
		[WECHATPAY_TRADE_REVOKED] = PAY_NEWS_CLOSED,
	};
	char currency[CURRENCY_MAX + 1];

	/* a currency name that is cut off still differs from CNY */
	snprintf(currency, sizeof(currency), "%.*s", CURRENCY_MAX, trade->currency);
	return pay_book(w->db, &(struct pay_news){
				       .kind = kinds[trade->state],
				       .out_trade_no = trade->out_trade_no,
				       .transaction_id = trade->transaction_id,
				       .appid = trade->appid,
				       .mchid = trade->mchid,
				       .currency = currency,
				       .paid_at = trade->success_time,
				       .total_fen = trade->total_fen,
			       });
}

/* Once the page can no longer hand the order to the service, and the service would no
 * longer take it. Until then an order that it does not know may be on its way there. */
static void never_came(struct poll *w, const struct pay_question *q)
{
	if (pay_order_is_over(w->db, q->order.id))
		pay_book(w->db, &(struct pay_news){ .kind = PAY_NEWS_CLOSED,
						    .out_trade_no = q->order.out_trade_no,
						    .appid = "",
						    .mchid = "" });
}

/* Asks, and enters the answer into the ledger; true when the service waits for the payer. */
static bool ask(struct poll *w, const struct pay_question *q)
{
	struct wechatpay_trade trade;
	struct wechatpay_report report = { .reason = WECHATPAY_REASON_NONE };
	enum service_result result = wechatpay_query(w->merchant, q->order.out_trade_no, &trade,
						     &report);
	bool waits = false;

	if (result == SERVICE_OK)
		waits = poll_book_trade(w, &trade) == PAY_BOOKED_NOTHING;
	else if (report.reason == WECHATPAY_ORDER_NOT_EXIST)
		never_came(w, q);
	else
		poll_failed(w, "query", q->order.id, result, &report);
	explicit_bzero(&trade, sizeof(trade));
	return waits;
}

/* The order is closed now, was closed before or has just been paid: the next query
 * tells which. */
static bool close_order(struct poll *w, const struct pay_question *q)
{
	struct wechatpay_report report = { .reason = WECHATPAY_REASON_NONE };
	enum service_result result = wechatpay_close_order(w->merchant, q->order.out_trade_no,
							   &report);

	if (result == SERVICE_OK || report.reason == WECHATPAY_ORDER_PAID ||
	    report.reason == WECHATPAY_ORDER_CLOSED)
		return true;
	poll_failed(w, "close", q->order.id, result, &report);
	return false;
}

bool order_next(struct poll *w)
{
	struct pay_question q;

	if (!pay_next_order(w->db, &q))
		return false;
	guard_take_id(POLL_ORDER, q.order.id);
	if (ask(w, &q) && q.close && close_order(w, &q))
		ask(w, &q);
	poll_done_id(w, POLL_ORDER, q.order.id);
	return true;
}
