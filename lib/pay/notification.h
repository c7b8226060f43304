/* notification.h: the notifications of WeChat Pay, as they came.
 *
 * push/wechatpay stores what it could verify and read, with the headers that sign
 * it; nothing in the table is believed before cron/poll has verified it once more.
 * Table: wechatpay_notice. */
#ifndef PAY_NOTIFICATION_H
#define PAY_NOTIFICATION_H

#include "base/buffer.h"
#include "db/db.h"

struct pay_notification {
	const char *id, *event; /* the service's; event: "" when it cannot be read */
	const char *signed_at, *nonce, *signature, *serial; /* of its headers */
	int64_t received; /* Unix seconds */
	const void *body;
	size_t body_len;
};
/* False when one with this id is kept already. Account: DB_PUSH. */
bool pay_notification_keep(struct db *, const struct pay_notification *);

/* -- cron/poll; account DB_CRON -- */

/* Under this name rows that ended a worker are put off (fault/fault.h). */
#define PAY_FAULT_NOTIFICATION "poll.notice"
#define PAY_STOPPED_S 10 /* taken so long ago, and not done: nobody has it */

struct pay_claimed {
	bool old; /* kept before signatures were */
	char id[65], signed_at[13], nonce[129], signature[685], serial[65];
	int64_t received; /* Unix seconds */
	struct buffer body;
};
/* The notification that waits longest becomes this worker's; `stopped`: one that a
 * worker took and never finished. False: there is none. In a transaction of its own. */
bool pay_notification_claim(struct db *, bool stopped, struct pay_claimed *) MUST_USE;
/* Writes down in one word what came of it. Two workers may have booked it, of whom the
 * later one learns nothing new. */
void pay_notification_settle(struct db *, const char *id, const char *result);
/* How many got that word on a day of China. */
int64_t pay_notification_count(struct db *, const char *day, const char *result);

#endif
