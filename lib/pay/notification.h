/* notification.h: the notifications of WeChat Pay, as they came.
 *
 * push/wechatpay stores what it could verify and read, with the headers that sign
 * it; nothing in the table is believed before cron/poll has verified it once more.
 * Table: wechatpay_notice. */
#ifndef PAY_NOTIFICATION_H
#define PAY_NOTIFICATION_H

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

#endif
