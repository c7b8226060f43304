/* poll-notice.c: books the notices that push/wechatpay kept.
 *
 * The table is written by an account that anybody on the internet talks to, so a
 * row proves nothing: its signature is verified here, by the service's key, over
 * the body as it came. Whether it was fresh is judged against the time at which it
 * was received, however long it waited since. What is not proved, because it is
 * forged, was kept before signatures were, or its key is not here any more, is
 * never booked; where it names an order or a refund of ours, the service is asked
 * about that, and what the answer says is booked. */
#include "poll.h"

#include "base/log.h"
#include "db/row.h"
#include "guard.h"
#include "outbox/outbox.h"

#define ID_MAX 64
/* column result of a row that is not done */
#define RESULT_TAKEN "taken" /* a worker has it in its hands */
#define RESULT_ASK "ask" /* kept before signatures were */
#define RESULT_ASKING "asking" /* the same, in a worker's hands */
#define RESULT_ASKED "asked" /* … and done */
#define STOPPED_S 10 /* taken so long ago, and not done: nobody has it */
#define STAMP_MAX 12
#define NONCE_MAX 128

struct notice {
	bool stopped; /* look for one that somebody took and never finished */
	bool found;
	bool old; /* kept before signatures were */
	char id[ID_MAX + 1];
	char signed_at[STAMP_MAX + 1], nonce[NONCE_MAX + 1];
	char signature[WECHATPAY_SIGNATURE_MAX + 1], serial[WECHATPAY_SERIAL_MAX + 1];
	int64_t received; /* Unix seconds */
	struct buffer body;
};

#define COLUMNS                                                                                           \
	"SELECT id, body, signed_at, nonce, signature, serial,"                                           \
	" TIMESTAMPDIFF(SECOND, '1970-01-01', received_at) AS received, COALESCE(result IN ('" RESULT_ASK \
	"', '" RESULT_ASKING                                                                              \
	"'), FALSE) AS old FROM wechatpay_notice WHERE done_at IS NULL AND" FAULT_FREE(                   \
		POLL_NOTICE, "wechatpay_notice.id")

static const char fresh_sql[] = COLUMNS " AND (result IS NULL OR result = '" RESULT_ASK "')"
					" ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED";
static const char stopped_sql[] = COLUMNS " AND result IN ('" RESULT_TAKEN "', '" RESULT_ASKING "')"
					  " AND received_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND"
					  " ORDER BY RAND() LIMIT 1 FOR UPDATE SKIP LOCKED";

static bool claim(struct db *db, void *context)
{
	struct notice *n = context;

	n->found = db_one(db, n->stopped ? stopped_sql : fresh_sql,
			  n->stopped ? DB_ARGS(db_int(STOPPED_S)) : DB_NO_ARGS,
			  DB_OUT(DB_TEXT("id", n->id), DB_BUFFER("body", &n->body),
				 DB_OR_NULL(DB_TEXT("signed_at", n->signed_at)),
				 DB_OR_NULL(DB_TEXT("nonce", n->nonce)),
				 DB_OR_NULL(DB_TEXT("signature", n->signature)),
				 DB_OR_NULL(DB_TEXT("serial", n->serial)),
				 DB_INT("received", &n->received), DB_FLAG("old", &n->old)));
	if (n->found)
		db_exec(db, "UPDATE wechatpay_notice SET result = ? WHERE id = ?",
			DB_ARGS(db_text(n->old ? RESULT_ASKING : RESULT_TAKEN), db_text(n->id)));
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

static const char *book(struct poll *w, const struct wechatpay_notice *notice)
{
	if (notice->event == WECHATPAY_EVENT_PAID)
		return pay_booked_names[poll_book_trade(w, &notice->trade)];
	return book_refund(w, &notice->refund);
}

static bool ask(struct poll *w, const struct wechatpay_notice *notice)
{
	if (notice->event == WECHATPAY_EVENT_PAID)
		return pay_ask_order(w->db, notice->trade.out_trade_no);
	return pay_ask_refund(w->db, notice->refund.out_refund_no);
}

/* The key makes it one mail a day. */
static void tell_desk(struct poll *w)
{
	char day[11], key[64], payload[64];

	db_one(w->db, "SELECT DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR) AS day", DB_NO_ARGS,
	       DB_OUT(DB_TEXT("day", day)));
	snprintf(key, sizeof(key), "notice-alarm-%s", day);
	snprintf(payload, sizeof(payload), "{\"day\":\"%s\"}", day);
	outbox_add(w->db, "notice_alarm", 0, key, payload);
}

static enum wechatpay_verdict verify(const struct poll *w, const struct notice *n)
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

/* What the ledger says, or why the notice was not believed or not read. The
 * number of an unproved row is anybody's text: it is not logged. */
static const char *work_out(struct poll *w, const struct notice *n)
{
	struct wechatpay_notice notice;
	enum wechatpay_read read = wechatpay_notice_read(buffer_text(&n->body), n->body.len,
							 w->apiv3_key, &notice);
	bool good = read == WECHATPAY_READ_OK;
	enum wechatpay_verdict verdict = verify(w, n);
	const char *result;

	if (n->old || verdict != WECHATPAY_VERIFIED) {
		bool asked = good && ask(w, &notice);

		result = n->old ? RESULT_ASKED : wechatpay_verdict_names[verdict];
		log_line(n->old ? LOG_INFO : LOG_FAULT, "poll.unproven", "reason=%s asked=%d",
			 result, asked);
		if (!n->old)
			tell_desk(w);
	} else if (!good) {
		log_line(LOG_FAULT, "poll.unreadable", "notice=%s reason=%s", n->id,
			 wechatpay_read_names[read]);
		result = wechatpay_read_names[read];
	} else {
		result = book(w, &notice);
	}
	explicit_bzero(&notice, sizeof(notice));
	return result;
}

static bool work(struct poll *w, bool stopped)
{
	struct notice n = { .stopped = stopped, .body = BUFFER_INIT };
	bool found = db_transaction(w->db, claim, &n) == DB_DONE && n.found;

	if (found) {
		guard_take(POLL_NOTICE, n.id, "", 0);
		settle(w->db, &n, work_out(w, &n));
		poll_done(w, POLL_NOTICE, n.id);
	}
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
