/* poll.h: what the files of cron/poll share. Not for other programs.
 *
 * Each *_next() handles one row that is due and says whether there was one. When a
 * worker dies in between, its row is handled again: the ledger accepts the same news
 * any number of times. */
#ifndef CRON_POLL_H
#define CRON_POLL_H

#include "fault/fault.h"
#include "pay/notification.h"
#include "pay/pay.h"
#include "service/wechatpay.h"

struct poll {
	const struct config *config;
	struct db *db;
	const struct wechatpay_merchant *merchant;
	const struct wechatpay_keys *keys; /* that the service signs with */
	uint8_t apiv3_key[WECHATPAY_APIV3_KEY_SIZE];
	bool alarmed; /* a fault of ours was logged in this run */
	bool failed; /* some row has ended a worker, see fault.h */
};

/* The row in hand, for guard.h and fault.h; names as job_fault stores them. */
#define POLL_NOTIFICATION PAY_FAULT_NOTIFICATION
#define POLL_ORDER PAY_FAULT_ORDER
#define POLL_REFUND PAY_FAULT_REFUND
#define POLL_MOVED PAY_FAULT_MOVED

/* The row in hand was done. */
void poll_done(struct poll *, const char *job, const char *item);
void poll_done_id(struct poll *, const char *job, int64_t id);

/* poll-notification.c: a notification that no worker has taken so far. */
bool notification_next(struct poll *);
/* One that a worker took and never finished, since it was stopped or since the
 * notification stops workers, which is why these come last. */
bool notification_again(struct poll *);

/* poll-order.c: asks about an order, and closes it when it may not be paid. */
bool order_next(struct poll *);

/* poll-refund.c */
bool refund_next(struct poll *);
/* What a refund's state means for the ledger. */
enum pay_refund_news refund_news(enum wechatpay_refund_status);

/* Logs a failed call. An error on our side is logged once a run. */
void poll_failed(struct poll *, const char *what, int64_t id, enum service_result,
		 const struct wechatpay_report *);
/* The service's answer about an order, for the ledger. */
enum pay_booked poll_book_trade(struct poll *, const struct wechatpay_trade *);

#endif
