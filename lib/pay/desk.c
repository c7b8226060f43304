/* desk.c: the ledger as accountants see it, and what they decide. */
#include "pay/desk.h"

#define REFUND_SQL                                                                                                                  \
	"SELECT r.id, c.name AS company, p.out_trade_no, r.amount_fen, r.cause,"                                                    \
	" s.name AS asker, " DB_MINUTE(                                                                                             \
		"r.requested_at") " AS requested, r.state,"                                                                         \
				  " r.requested_by, d.name AS decider, r.note, (SELECT COUNT(*) FROM act t"                         \
				  "  WHERE t.subject_kind = 'refund' AND t.subject = r.id) AS acts, EXISTS (SELECT 1"               \
				  " FROM invoice i WHERE i.payment = r.payment AND i.live IS NOT NULL"                              \
				  " AND i.state <> 'issued') AS waits_for_invoice FROM refund r JOIN payment p ON p.id = r.payment" \
				  " LEFT JOIN company c ON c.application = r.application"                                           \
				  " LEFT JOIN staff s ON s.id = r.requested_by LEFT JOIN staff d ON d.id = r.decided_by"

static const char *const refunds[PAY_REFUND_LIST_COUNT] = {
	[PAY_REFUNDS_REQUESTED] = REFUND_SQL " WHERE r.state = 'requested' ORDER BY r.id LIMIT ?",
	[PAY_REFUNDS_ABNORMAL] = REFUND_SQL " WHERE r.state = 'abnormal' ORDER BY r.id LIMIT ?",
	[PAY_REFUNDS_OTHER] = REFUND_SQL
	" WHERE r.state NOT IN ('requested', 'abnormal')"
	" ORDER BY r.state IN ('confirmed', 'sent') DESC, r.id DESC LIMIT ?",
};

struct db_result *pay_refunds(struct db *db, enum pay_refund_list list, int most)
{
	return db_select(db, refunds[list], DB_ARGS(db_int(most)));
}

bool pay_refunds_next(struct db_result *rows, struct pay_refund_row *r)
{
	return db_next_row(rows,
			   DB_OUT(DB_INT("id", &r->id), DB_OR_NULL(DB_VIEW("company", &r->company)),
				  DB_VIEW("out_trade_no", &r->out_trade_no),
				  DB_MAYBE("amount_fen", &r->amount), DB_VIEW("cause", &r->cause),
				  DB_OR_NULL(DB_VIEW("asker", &r->asker)),
				  DB_VIEW("requested", &r->requested), DB_VIEW("state", &r->state),
				  DB_OR_NULL(DB_INT("requested_by", &r->requested_by)),
				  DB_OR_NULL(DB_VIEW("decider", &r->decider)),
				  DB_VIEW("note", &r->note), DB_INT("acts", &r->acts),
				  DB_FLAG("waits_for_invoice", &r->waits_for_invoice)));
}

struct db_result *pay_odd(struct db *db, int most)
{
	return db_select(
		db,
		"SELECT p.id, c.name AS company, p.out_trade_no, p.amount_fen, p.paid_fen, p.currency,"
		" EXISTS (SELECT 1 FROM refund r WHERE r.payment = p.id AND r.live = 1)"
		" AS has_refund, p.state"
		" FROM payment p LEFT JOIN company c ON c.application = p.application"
		" WHERE p.state = 'odd' OR (p.state = 'paid' AND EXISTS (SELECT 1 FROM refund r"
		"  WHERE r.payment = p.id AND r.state = 'declined') AND NOT EXISTS (SELECT 1"
		"  FROM refund r WHERE r.payment = p.id AND r.live = 1)) ORDER BY p.id DESC LIMIT ?",
		DB_ARGS(db_int(most)));
}

bool pay_odd_next(struct db_result *rows, struct pay_odd_row *o)
{
	return db_next_row(
		rows, DB_OUT(DB_INT("id", &o->id), DB_OR_NULL(DB_VIEW("company", &o->company)),
			     DB_VIEW("out_trade_no", &o->out_trade_no),
			     DB_MAYBE("amount_fen", &o->amount), DB_MAYBE("paid_fen", &o->paid),
			     DB_OR_NULL(DB_VIEW("currency", &o->currency)),
			     DB_FLAG("has_refund", &o->has_refund), DB_VIEW("state", &o->state)));
}

int64_t pay_kept_fen(struct db *db, int64_t application)
{
	return db_number(db,
			 "SELECT COALESCE(SUM(p.paid_fen), 0) FROM payment p"
			 " WHERE p.application = ? AND p.state IN ('paid', 'odd')"
			 " AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.payment = p.id"
			 "  AND r.state IN ('done', 'by_hand'))",
			 DB_ARGS(db_int(application)));
}

/* The procedure locks the refund; if more was decided than the page had shown,
 * this was about another state of it. */
bool pay_refund_decide(struct db *db, struct pay_decision *d)
{
	bool current;

	db_call(db, "CALL refund_decide(?, ?, ?, ?, ?)",
		DB_ARGS(db_int(d->refund), db_text(d->token), db_text(d->act), db_text(d->note),
			db_text(d->key)),
		d->result);
	if (strcmp(d->result, "decided") != 0)
		return false;
	current = db_number(db,
			    "SELECT COUNT(*) FROM act"
			    " WHERE subject_kind = 'refund' AND subject = ?",
			    DB_ARGS(db_int(d->refund))) == d->seen + 1;
	if (!current)
		snprintf(d->result, sizeof(d->result), "not_open");
	return current;
}

bool pay_refund_ask(struct db *db, int64_t payment, const char *token, const char *out_refund_no,
		    char result[DB_WORD_SIZE])
{
	db_call(db, "CALL refund_request(?, 'desk', ?, ?)",
		DB_ARGS(db_int(payment), db_text(token), db_text(out_refund_no)), result);
	return !strcmp(result, "requested");
}
