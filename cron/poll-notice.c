/* poll-notice.c: books the notices that push/wechatpay kept. */
#include "poll.h"

#include "base/log.h"

#define ID_MAX 64
#define RESULT_TAKEN "taken" /* a worker has it in its hands */
#define STOPPED_S 10 /* taken so long ago, and not done: nobody has it */

struct notice {
	bool stopped; /* look for one that somebody took and never finished */
	bool found;
	char id[ID_MAX + 1];
	struct buffer body;
};

static const char fresh_sql[] =
	"SELECT id, body FROM wechatpay_notice WHERE done_at IS NULL AND result IS NULL"
	" ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED";
static const char stopped_sql[] = "SELECT id, body FROM wechatpay_notice WHERE done_at IS NULL"
				  " AND result = '" RESULT_TAKEN
				  "' AND received_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND"
				  " ORDER BY RAND() LIMIT 1 FOR UPDATE SKIP LOCKED";

static bool claim(struct db *db, void *context)
{
	struct notice *n = context;
	struct db_result *r = n->stopped ? db_select(db, stopped_sql, DB_ARGS(db_int(STOPPED_S))) :
					   db_select(db, fresh_sql, DB_NO_ARGS);
	const void *body;
	size_t len;

	buffer_reset(&n->body);
	n->found = db_next(r);
	if (n->found) {
		snprintf(n->id, sizeof(n->id), "%s", db_text_at(r, 0));
		body = db_bytes_at(r, 1, &len);
		buffer_add(&n->body, body, len);
		db_exec(db, "UPDATE wechatpay_notice SET result = '" RESULT_TAKEN "' WHERE id = ?",
			DB_ARGS(db_text(n->id)));
	}
	db_result_free(r);
	return n->found;
}

/* Two workers may have booked it, of whom the later one learns nothing new. */
static void settle(struct db *db, const struct notice *n, const char *result)
{
	db_exec(db,
		"UPDATE wechatpay_notice SET done_at = UTC_TIMESTAMP(3), result = ?"
		" WHERE id = ? AND (done_at IS NULL OR result = 'before')",
		DB_ARGS(db_text(result), db_text(n->id)));
}

/* A refund that another merchant made is none of ours. */
static const char *book_refund(struct poll *w, const struct wechatpay_refund *refund)
{
	const char *mchid = config_text(w->config, "wechatpay_mchid");

	if (*refund->mchid && strcmp(refund->mchid, mchid) != 0) {
		log_line(LOG_FAULT, "poll.merchant", "a notice of a refund of another merchant");
		return pay_refund_booked_names[PAY_REFUND_UNKNOWN];
	}
	return pay_refund_booked_names[pay_refund_book(w->db, refund->out_refund_no,
						       refund_news(refund->status),
						       refund->refund_id, refund->refund_fen)];
}

/* What the ledger says, or why the notice could not be read. */
static const char *book(struct poll *w, const struct notice *n)
{
	struct wechatpay_notice notice;
	enum wechatpay_read read = wechatpay_notice_read(buffer_text(&n->body), n->body.len,
							 w->apiv3_key, &notice);
	const char *result;

	if (read != WECHATPAY_READ_OK) {
		log_line(LOG_FAULT, "poll.unreadable", "notice=%s reason=%s", n->id,
			 wechatpay_read_names[read]);
		result = wechatpay_read_names[read];
	} else if (notice.event == WECHATPAY_EVENT_PAID) {
		result = pay_booked_names[poll_book_trade(w, &notice.trade)];
	} else {
		result = book_refund(w, &notice.refund);
	}
	explicit_bzero(&notice, sizeof(notice));
	return result;
}

static bool work(struct poll *w, bool stopped)
{
	struct notice n = { .stopped = stopped, .body = BUFFER_INIT };
	bool found = db_transaction(w->db, claim, &n) == DB_DONE && n.found;

	if (found)
		settle(w->db, &n, book(w, &n));
	buffer_release(&n.body);
	return found;
}

bool notice_next(struct poll *w)
{
	return work(w, false);
}

bool notice_again(struct poll *w)
{
	return work(w, true);
}
