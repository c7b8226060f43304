/* bill.c: which days' bills are fetched, and what is kept of them. */
#include "reconcile/reconcile.h"

#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "db/row.h"
#include "lease/lease.h"
#include "outbox/outbox.h"

#define LEASE_S 600

/* The day that has gone, once its bill can be there: 10 o'clock is 2:00 UTC. */
#define LAST_DAY_SQL "DATE(UTC_TIMESTAMP() - INTERVAL 2 HOUR) - INTERVAL 1 DAY"

static bool open_days(struct db *db, void *context UNUSED)
{
	char last[RECONCILE_DAY_LEN + 1];
	int64_t days;

	if (!db_one(db,
		    "SELECT d.last, DATEDIFF(d.last, GREATEST(LEAST(d.last, COALESCE("
		    "  (SELECT DATE(MIN(p.created_at) + INTERVAL 8 HOUR) FROM payment p), d.last)),"
		    "  d.last - INTERVAL ? DAY)) AS days FROM (SELECT " LAST_DAY_SQL " AS last) d",
		    DB_ARGS(db_int(RECONCILE_DAYS_MAX - 1)),
		    DB_OUT(DB_TEXT("last", last), DB_INT("days", &days))))
		die("reconcile: no time");
	for (int64_t i = 0; i <= days; i++)
		db_exec(db,
			"INSERT IGNORE INTO bill_day (day, ask_at)"
			" VALUES (CAST(? AS DATE) - INTERVAL ? DAY, UTC_TIMESTAMP(3))",
			DB_ARGS(db_text(last), db_int(i)));
	return true;
}

void reconcile_days_open(struct db *db)
{
	if (db_transaction(db, open_days, NULL) != DB_DONE)
		die("reconcile: the days were refused");
}

static void read_due(struct db_result *r, void *to, struct lease *lease)
{
	char *day = to;

	db_row(r,
	       DB_OUT(DB_TEXT_N("day", day, RECONCILE_DAY_LEN + 1), DB_INT("asks", &lease->tries)));
	lease->ms = INT64_C(1000) * LEASE_S;
	lease->key = db_text(day);
}

/* By the days' order, not by the time at which each is asked for. */
static const struct lease_kind day_kind = {
	.find = "SELECT day, asks + 1 AS asks FROM bill_day WHERE state = 'due'"
		" AND ask_at <= UTC_TIMESTAMP(3) ORDER BY day LIMIT 1 FOR UPDATE SKIP LOCKED",
	.hold = LEASE_HOLD("UPDATE bill_day SET asks", "ask_at", " WHERE day = ?"),
	.read = read_due,
};

bool reconcile_day_claim(struct db *db, char day[RECONCILE_DAY_LEN + 1])
{
	return lease_take(db, &day_kind, DB_NO_ARGS, NULL, day);
}

bool reconcile_day_state(struct db *db, const char *day, bool *due, int64_t *differences)
{
	return db_one(db,
		      "SELECT b.state = 'due' AS due, (SELECT COUNT(*) FROM difference f"
		      " LEFT JOIN act c ON c.subject_kind = 'difference' AND c.subject = f.id"
		      " WHERE f.day = b.day AND c.id IS NULL) AS differences"
		      " FROM bill_day b WHERE b.day = ?",
		      DB_ARGS(db_text(day)),
		      DB_OUT(DB_FLAG("due", due), DB_INT("differences", differences)));
}

/* What the desk is to be told about a day; `what` makes it one mail a reason. */
static void tell_desk(struct db *db, const char *day, const char *what)
{
	char key[64], payload[64];

	snprintf(key, sizeof(key), "%s-%s", what, day);
	snprintf(payload, sizeof(payload), "{\"day\":\"%s\"}", day);
	outbox_add(db, "differences", 0, key, payload);
}

struct failure {
	const char *day, *why;
	int pause_s;
	bool alarm;
};

static bool write_failure(struct db *db, void *context)
{
	const struct failure *f = context;

	db_exec(db,
		"UPDATE bill_day SET failure = LEFT(?, 100),"
		" ask_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND WHERE day = ? AND state = 'due'",
		DB_ARGS(db_text(f->why), db_int(f->pause_s), db_text(f->day)));
	if (f->alarm)
		tell_desk(db, f->day, "bill-unread");
	return true;
}

void reconcile_day_failed(struct db *db, const char *day, const char *why, int pause_s, bool alarm)
{
	struct failure f = { .day = day, .why = why, .pause_s = pause_s, .alarm = alarm };

	db_transaction(db, write_failure, &f);
	log_line(alarm ? LOG_FAULT : LOG_INFO, "reconcile.bill_unread", "day=%s %s", day, why);
}

struct reading {
	const char *day;
	const struct wechatpay_bill *bill;
	uint8_t sha256[SHA256_SIZE];
	int64_t differences;
	bool done;
};

static const char *const kinds[WECHATPAY_BILL_STATE_COUNT] = {
	[WECHATPAY_BILL_PAID] = "payment",
	[WECHATPAY_BILL_REFUND] = "refund",
	[WECHATPAY_BILL_REVOKED] = "revoked",
};

static void insert_row(struct db *db, const char *day, const struct wechatpay_bill_row *row)
{
	bool refund = row->state == WECHATPAY_BILL_REFUND;

	db_exec(db,
		"INSERT INTO bill_row (day, line, kind, at, out_trade_no, transaction_id,"
		" out_refund_no, refund_id, currency, fen, fee_millifen)"
		" VALUES (?, ?, ?, CAST(? AS DATETIME) - INTERVAL 8 HOUR, ?, ?, ?, ?, ?, ?, ?)",
		DB_ARGS(db_text(day), db_int((int64_t)row->line), db_text(kinds[row->state]),
			db_text(row->time), db_text(row->out_trade_no),
			db_text(row->transaction_id), db_text(refund ? row->out_refund_no : NULL),
			db_text(refund ? row->refund_id : NULL), db_text(row->currency),
			db_int(refund ? row->refund_fen : row->total_fen),
			db_int(row->fee_millifen)));
}

static bool write_day(struct db *db, const struct reading *r)
{
	const struct wechatpay_bill *b = r->bill;

	return db_exec(db,
		       "UPDATE bill_day SET state = ?, failure = NULL, sha256 = ?, row_count = ?,"
		       " paid_fen = ?, refund_fen = ?, fee_millifen = ?,"
		       " fetched_at = UTC_TIMESTAMP(3) WHERE day = ? AND state = 'due'",
		       DB_ARGS(db_text(b ? "read" : "empty"),
			       b ? db_bytes(r->sha256, SHA256_SIZE) : db_null(),
			       db_int(b ? (int64_t)b->count : 0), db_int(b ? b->total_fen : 0),
			       db_int(b ? b->refund_fen : 0), db_int(b ? b->fee_millifen : 0),
			       db_text(r->day))) == 1;
}

static bool read_day(struct db *db, void *context)
{
	struct reading *r = context;

	r->done = write_day(db, r);
	if (!r->done)
		return false;
	for (size_t i = 0; r->bill && i < r->bill->count; i++)
		insert_row(db, r->day, &r->bill->row[i]);
	r->differences = reconcile_compare(db, r->day);
	if (r->differences)
		tell_desk(db, r->day, "differences");
	return true;
}

int64_t reconcile_day_read(struct db *db, const char *day, const struct wechatpay_bill *bill,
			   const void *csv, size_t n)
{
	struct reading r = { .day = day, .bill = bill };

	if (bill)
		digest_sha256(csv, n, r.sha256);
	if (db_transaction(db, read_day, &r) == DB_REFUSED)
		die("reconcile: the bill was refused: %s", db_refusal(db));
	if (!r.done)
		return -1;
	log_line(r.differences ? LOG_FAULT : LOG_INFO, "reconcile.bill",
		 "day=%s rows=%zu differences=%lld", day, bill ? bill->count : (size_t)0,
		 (long long)r.differences);
	return r.differences;
}
