/* poll.h: the functions of cron/poll, for its own files.
 *
 * Each *_next() handles one row that is due; false when none is. A row whose worker
 * died is handled again: the ledger accepts the same news any number of times. */
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
	const struct wechatpay_keys *keys; /* the public keys of the service */
	uint8_t apiv3_key[WECHATPAY_APIV3_KEY_SIZE];
	bool alarmed; /* an alarm was logged in this run */
	bool failed; /* job_fault has a row of this job */
};

/* The row in hand, for guard.h and fault.h; names as job_fault stores them. */
#define POLL_NOTIFICATION PAY_FAULT_NOTIFICATION
#define POLL_ORDER PAY_FAULT_ORDER
#define POLL_REFUND PAY_FAULT_REFUND
#define POLL_MOVED PAY_FAULT_MOVED

/* Finishes a row: guard.h and job_fault forget it. */
void poll_done(struct poll *, const char *job, const char *item);
void poll_done_id(struct poll *, const char *job, int64_t id);

/* poll-notification.c: handles a notification that no worker has claimed. */
bool notification_next(struct poll *);
/* Handles a notification whose worker died. These come last, since the notification
 * itself may be what ends workers. */
bool notification_again(struct poll *);

/* poll-order.c: asks about an order, and closes it when it may not be paid. */
bool order_next(struct poll *);

/* poll-refund.c */
bool refund_next(struct poll *);
/* Maps a refund's status at the service to news for the ledger. */
enum pay_refund_news refund_news(enum wechatpay_refund_status);

/* Logs a failed call; an alarm (a fault on our side) once a run. */
void poll_failed(struct poll *, const char *what, int64_t id, enum service_result,
		 const struct wechatpay_report *);
/* Enters the service's answer about an order into the ledger. */
enum pay_booked poll_book_trade(struct poll *, const struct wechatpay_trade *);

#endif
