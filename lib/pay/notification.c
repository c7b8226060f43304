/* notification.c: the notifications of WeChat Pay, table wechatpay_notice. */
#include "pay/notification.h"

#include "db/row.h"
#include "fault/fault.h"

/* wechatpay_notice.result of a row that is not done: claimed by a worker; stored before
 * signatures were; both. */
#define TAKEN "taken"
#define ASK "ask"
#define ASKING "asking"

bool pay_notification_keep(struct db *db, const struct pay_notification *n)
{
	return db_exec(db,
		       "INSERT INTO wechatpay_notice (id, event_type, body, signed_at, nonce,"
		       " signature, serial, received_at) VALUES (?, ?, ?, ?, ?, ?, ?,"
		       " '1970-01-01' + INTERVAL ? SECOND)",
		       DB_ARGS(db_text(n->id), db_text(n->event), db_bytes(n->body, n->body_len),
			       db_text(n->signed_at), db_text(n->nonce), db_text(n->signature),
			       db_text(n->serial), db_int(n->received))) != DB_DUPLICATE;
}

#define COLUMNS                                                                                    \
	"SELECT id, body, signed_at, nonce, signature, serial,"                                    \
	" TIMESTAMPDIFF(SECOND, '1970-01-01', received_at) AS received, COALESCE(result IN ('" ASK \
	"', '" ASKING "'), FALSE) AS old FROM wechatpay_notice WHERE done_at IS NULL"              \
	" AND" FAULT_FREE(PAY_FAULT_NOTIFICATION, "wechatpay_notice.id")

static const char fresh_sql[] = COLUMNS " AND (result IS NULL OR result = '" ASK "')"
					" ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED";
static const char stopped_sql[] = COLUMNS " AND result IN ('" TAKEN "', '" ASKING "')"
					  " AND received_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND"
					  " ORDER BY RAND() LIMIT 1 FOR UPDATE SKIP LOCKED";

struct claim {
	bool stopped, found;
	struct pay_claimed *out;
};

static bool claim(struct db *db, void *context)
{
	struct claim *c = context;
	struct pay_claimed *n = c->out;

	c->found = db_one(db, c->stopped ? stopped_sql : fresh_sql,
			  c->stopped ? DB_ARGS(db_int(PAY_STOPPED_S)) : DB_NO_ARGS,
			  DB_OUT(DB_TEXT("id", n->id), DB_BUFFER("body", &n->body),
				 DB_OR_NULL(DB_TEXT("signed_at", n->signed_at)),
				 DB_OR_NULL(DB_TEXT("nonce", n->nonce)),
				 DB_OR_NULL(DB_TEXT("signature", n->signature)),
				 DB_OR_NULL(DB_TEXT("serial", n->serial)),
				 DB_INT("received", &n->received), DB_FLAG("old", &n->old)));
	if (c->found)
		db_exec(db, "UPDATE wechatpay_notice SET result = ? WHERE id = ?",
			DB_ARGS(db_text(n->old ? ASKING : TAKEN), db_text(n->id)));
	return c->found;
}

bool pay_notification_claim(struct db *db, bool stopped, struct pay_claimed *out)
{
	struct claim c = { .stopped = stopped, .out = out };

	return db_transaction(db, claim, &c) == DB_DONE && c.found;
}

void pay_notification_settle(struct db *db, const char *id, const char *result)
{
	db_exec(db,
		"UPDATE wechatpay_notice SET done_at = UTC_TIMESTAMP(3), result = ?"
		" WHERE id = ? AND (done_at IS NULL OR result = 'before')",
		DB_ARGS(db_text(result), db_text(id)));
}

int64_t pay_notification_count(struct db *db, const char *day, const char *result)
{
	return db_number(db,
			 "SELECT COUNT(*) FROM wechatpay_notice WHERE result = ?"
			 " AND done_at >= CAST(? AS DATETIME) - INTERVAL 8 HOUR"
			 " AND done_at < CAST(? AS DATETIME) + INTERVAL 16 HOUR",
			 DB_ARGS(db_text(result), db_text(day), db_text(day)));
}
