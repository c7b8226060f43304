/* reconcile.h: bills of WeChat Pay, compared with the ledger.
 *
 * A bill is the service's word on one day of China. It is read once, stored row
 * by row and compared with payment and refund; what does not agree is a row of
 * difference until an accountant clears it with a reason. All of this may run
 * on several machines, and any of it again.
 *
 * Every function runs in a transaction of its own unless it says otherwise.
 * Account: DB_CRON. Amounts are fen. */
#ifndef RECONCILE_RECONCILE_H
#define RECONCILE_RECONCILE_H

#include "db/db.h"
#include "service/wechatpay-bill.h"

#define RECONCILE_DAYS_MAX 90 /* how far back bills are fetched */
#define RECONCILE_DAY_LEN 10 /* 2026-01-31 */

/* Makes the rows of the days whose bills are there by now: up to yesterday in
 * China, the last one from 10 o'clock on; from the first payment on. */
void reconcile_days_open(struct db *);
/* The earliest day that is due becomes this worker's for some minutes; false
 * when none is. */
bool reconcile_day_claim(struct db *, char day[RECONCILE_DAY_LEN + 1]) MUST_USE;
/* How a day stands: whether its bill is due still, and how many of its differences
 * are open. False: no such day. Not a transaction. */
bool reconcile_day_state(struct db *, const char *day, bool *due, int64_t *differences);
/* The bill is not there yet, or cannot be believed: asked for again after
 * `pause_s`. `alarm`: the desk is told, once a day. */
void reconcile_day_failed(struct db *, const char *day, const char *why, int pause_s, bool alarm);
/* Stores the bill (NULL: a day without trade) and what does not agree; gives
 * the number of new differences, of which the desk is told, or -1 when another
 * worker was faster. */
int64_t reconcile_day_read(struct db *, const char *day, const struct wechatpay_bill *,
			   const void *csv, size_t n);
/* Within the caller's transaction: compares a stored day. Gives how many. */
int64_t reconcile_compare(struct db *, const char *day);

#endif
