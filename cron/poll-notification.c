/* poll-notification.c: enters into the ledger what the notifications that
 * push/wechatpay kept say.
 *
 * The account that writes the table serves the internet, so a row proves nothing. The
 * job verifies the signature itself, with the service's key, over the body as it was
 * received; freshness is judged by received_at, however long the row has waited since.
 * The ledger never takes a notification that cannot be verified: a forged one, one
 * stored before signatures were, one whose key has left the config. Where such a
 * notification names an order or a refund of ours, the service is asked about it, and
 * the ledger takes the answer. */
#include "poll.h"

#include "base/log.h"
#include "db/row.h"
#include "guard.h"
#include "outbox/outbox.h"
#include "pay/notification.h"

#define RESULT_ASKED "asked" /* one that was kept before signatures were */

/* A refund of another merchant is not in our ledger. */
static const char *book_refund(struct poll *w, const struct wechatpay_refund *refund)
{
	const char *mchid = config_text(w->config, "wechatpay_mchid");

	if (*refund->mchid && strcmp(refund->mchid, mchid) != 0) {
		log_line(LOG_FAULT, "poll.merchant",
			 "a notification of a refund of another merchant");
		return pay_refund_booked_names[PAY_REFUND_UNKNOWN];
	}
	return pay_refund_booked_names[pay_refund_book(w->db, refund->out_refund_no,
						       refund_news(refund->status),
						       refund->refund_id, refund->refund_fen)];
}

static const char *book(struct poll *w, const struct wechatpay_notification *notification)
{
	if (notification->event == WECHATPAY_EVENT_PAID)
		return pay_booked_names[poll_book_trade(w, &notification->trade)];
	return book_refund(w, &notification->refund);
}

static bool ask(struct poll *w, const struct wechatpay_notification *notification)
{
	if (notification->event == WECHATPAY_EVENT_PAID)
		return pay_ask_order(w->db, notification->trade.out_trade_no);
	return pay_ask_refund(w->db, notification->refund.out_refund_no);
}

/* The idempotency key allows one mail a day. */
static void tell_desk(struct poll *w)
{
	char day[DB_DAY_SIZE], key[64], payload[64];

	db_today(w->db, day);
	snprintf(key, sizeof(key), "notice-alarm-%s", day);
	snprintf(payload, sizeof(payload), "{\"day\":\"%s\"}", day);
	outbox_add(w->db, "notice_alarm", 0, key, payload);
}

static enum wechatpay_verdict verify(const struct poll *w, const struct pay_claimed *n)
{
	const struct wechatpay_signed kept = {
		.timestamp = n->signed_at,
		.nonce = n->nonce,
		.signature = n->signature,
		.serial = n->serial,
		.body = buffer_text(&n->body),
		.body_len = n->body.len,
	};

	return wechatpay_verify(w->keys, &kept, n->received);
}

/* The answer of the ledger, or the reason why the notification was refused. The id of
 * an unverified row is untrusted text and is not logged. */
static const char *work_out(struct poll *w, const struct pay_claimed *n)
{
	struct wechatpay_notification notification;
	enum wechatpay_read read = wechatpay_notification_read(buffer_text(&n->body), n->body.len,
							       w->apiv3_key, &notification);
	bool good = read == WECHATPAY_READ_OK;
	enum wechatpay_verdict verdict = verify(w, n);
	const char *result;

	if (n->old || verdict != WECHATPAY_VERIFIED) {
		bool asked = good && ask(w, &notification);

		result = n->old ? RESULT_ASKED : wechatpay_verdict_names[verdict];
		log_line(n->old ? LOG_INFO : LOG_FAULT, "poll.unproven", "reason=%s asked=%d",
			 result, asked);
		if (!n->old)
			tell_desk(w);
	} else if (!good) {
		log_line(LOG_FAULT, "poll.unreadable", "notification=%s reason=%s", n->id,
			 wechatpay_read_names[read]);
		result = wechatpay_read_names[read];
	} else {
		result = book(w, &notification);
	}
	explicit_bzero(&notification, sizeof(notification));
	return result;
}

static bool work(struct poll *w, bool stopped)
{
	struct pay_claimed n = { .body = BUFFER_INIT };
	bool found = pay_notification_claim(w->db, stopped, &n);

	if (found) {
		guard_take(POLL_NOTIFICATION, n.id, "", 0);
		pay_notification_settle(w->db, n.id, work_out(w, &n));
		poll_done(w, POLL_NOTIFICATION, n.id);
	}
	buffer_release(&n.body);
	return found;
}

bool notification_next(struct poll *w)
{
	return work(w, false);
}

bool notification_again(struct poll *w)
{
	return work(w, true);
}
