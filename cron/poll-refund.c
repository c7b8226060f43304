/* poll-refund.c: asks WeChat Pay what became of refunds. */
#include "poll.h"

#include "base/log.h"
#include "guard.h"

enum pay_refund_news refund_news(enum wechatpay_refund_status status)
{
	static const enum pay_refund_news news[WECHATPAY_REFUND_STATUS_COUNT] = {
		[WECHATPAY_REFUND_SUCCESS] = PAY_REFUND_DONE,
		[WECHATPAY_REFUND_PROCESSING] = PAY_REFUND_UNDER_WAY,
		[WECHATPAY_REFUND_CLOSED] = PAY_REFUND_CLOSED,
		[WECHATPAY_REFUND_ABNORMAL] = PAY_REFUND_ABNORMAL,
	};

	return news[status];
}

bool refund_next(struct poll *w)
{
	struct wechatpay_report report = { .reason = WECHATPAY_REASON_NONE };
	struct wechatpay_refund refund;
	struct pay_refund asked;
	enum service_result result;

	if (!pay_next_refund(w->db, &asked))
		return false;
	guard_take_id(POLL_REFUND, asked.id);
	result = wechatpay_refund_query(w->merchant, asked.out_refund_no, &refund, &report);
	if (result == SERVICE_OK)
		pay_refund_book(w->db, refund.out_refund_no, refund_news(refund.status),
				refund.refund_id, refund.refund_fen);
	else if (report.reason == WECHATPAY_REFUND_NOT_EXIST)
		log_line(LOG_FAULT, "poll.lost_refund", "refund=%lld", (long long)asked.id);
	else
		poll_failed(w, "refund_query", asked.id, result, &report);
	poll_done_id(w, POLL_REFUND, asked.id);
	return true;
}
