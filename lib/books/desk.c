/* desk.c: invoices, bills and differences as accountants see them, and what they
 * decide. */
#include "books/desk.h"

#define INVOICE_SQL                                                                                                              \
	"SELECT i.id, i.buyer_title, i.order_no, i.amount_fen, i.tax_fen, i.kind, i.state,"                                      \
	" i.number, " DB_MINUTE(                                                                                                 \
		"COALESCE(i.issued_at, i.created_at)") " AS at, i.failure,"                                                      \
						       " EXISTS (SELECT 1 FROM invoice_pdf f WHERE f.invoice = i.id) AS has_pdf" \
						       " FROM invoice i"

static const char *const invoices[BOOKS_INVOICE_LIST_COUNT] = {
	[BOOKS_INVOICES_BY_HAND] = INVOICE_SQL " WHERE i.state = 'failed' OR (i.state = 'due'"
					       " AND i.provider = 'manual') ORDER BY i.id LIMIT ?",
	[BOOKS_INVOICES_UNDER_WAY] = INVOICE_SQL
	" WHERE i.state = 'asked' OR (i.state = 'due'"
	" AND i.provider <> 'manual') ORDER BY i.id LIMIT ?",
	[BOOKS_INVOICES_OVER] = INVOICE_SQL " WHERE i.state IN ('issued', 'given_up')"
					    " ORDER BY i.id DESC LIMIT ?",
};

struct db_result *books_invoices(struct db *db, enum books_invoice_list list, int most)
{
	return db_select(db, invoices[list], DB_ARGS(db_int(most)));
}

bool books_invoices_next(struct db_result *r, struct books_invoice_row *row)
{
	return db_next_row(
		r,
		DB_OUT(DB_INT("id", &row->id), DB_VIEW("buyer_title", &row->title),
		       DB_VIEW("order_no", &row->order_no), DB_MAYBE("amount_fen", &row->amount),
		       DB_MAYBE("tax_fen", &row->tax), DB_VIEW("kind", &row->kind),
		       DB_VIEW("state", &row->state), DB_OR_NULL(DB_VIEW("number", &row->number)),
		       DB_VIEW("at", &row->at), DB_OR_NULL(DB_VIEW("failure", &row->failure)),
		       DB_FLAG("has_pdf", &row->has_pdf)));
}

struct db_result *books_waiting(struct db *db, int64_t invoice)
{
	return db_select(
		db,
		"SELECT i.kind, i.buyer_title, i.buyer_tax_number, i.amount_fen, i.net_fen,"
		" i.tax_fen, i.tax_percent, i.order_no, i.state, i.failure,"
		" b.number AS blue_number FROM invoice i LEFT JOIN invoice b ON b.id = i.of_invoice"
		" WHERE i.id = ? AND i.state IN ('due', 'asked', 'failed')",
		DB_ARGS(db_int(invoice)));
}

bool books_waiting_next(struct db_result *r, struct books_waiting *w)
{
	return db_next_row(r, DB_OUT(DB_VIEW("kind", &w->kind), DB_VIEW("buyer_title", &w->title),
				     DB_OR_NULL(DB_VIEW("buyer_tax_number", &w->tax_number)),
				     DB_INT("amount_fen", &w->amount_fen),
				     DB_INT("net_fen", &w->net_fen), DB_INT("tax_fen", &w->tax_fen),
				     DB_INT("tax_percent", &w->tax_percent),
				     DB_VIEW("order_no", &w->order_no), DB_VIEW("state", &w->state),
				     DB_OR_NULL(DB_VIEW("failure", &w->failure)),
				     DB_OR_NULL(DB_VIEW("blue_number", &w->blue_number))));
}

bool books_invoice_day(struct db *db, const char *typed, char out[BOOKS_TIME_SIZE])
{
	bool in_range;

	db_one(db,
	       "SELECT DATE_FORMAT(STR_TO_DATE(?, '%Y-%m-%d') + INTERVAL 4 HOUR,"
	       " '%Y-%m-%d %H:%i:%s') AS noon,"
	       " STR_TO_DATE(?, '%Y-%m-%d') BETWEEN '2020-01-01'"
	       " AND DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR) AS in_range",
	       DB_ARGS(db_text(typed), db_text(typed)),
	       DB_OUT(DB_OR_NULL(DB_TEXT_N("noon", out, BOOKS_TIME_SIZE)),
		      DB_OR_NULL(DB_FLAG("in_range", &in_range))));
	return *out && in_range;
}

bool books_invoice_decide(struct db *db, struct books_decision *d)
{
	db_call(db, "CALL invoice_decide(?, ?, ?, ?, ?, ?, ?, ?)",
		DB_ARGS(db_int(d->invoice), db_int(d->staff), db_text(d->act), db_text(d->number),
			db_text(d->issued_at), db_text(d->note), db_text(d->order_no),
			db_text(d->key)),
		d->result);
	return !strcmp(d->result, "decided");
}

#define DIFFERENCE_SQL                                                                       \
	"SELECT f.id, f.day, f.kind, f.number, f.ours_fen, f.theirs_fen,"                    \
	" s.name AS staff, t.reason, f.ours_fen IS NULL AND EXISTS (SELECT 1 FROM payment p" \
	"  WHERE p.out_trade_no = f.number AND p.paid_fen IS NOT NULL) AS booked_since"      \
	" FROM difference f LEFT JOIN difference_act t ON t.difference = f.id"               \
	" LEFT JOIN staff s ON s.id = t.staff"

struct db_result *books_differences(struct db *db, enum books_difference_list list, int most)
{
	if (list == BOOKS_DIFFERENCES_OPEN)
		return db_select(db,
				 DIFFERENCE_SQL " WHERE t.difference IS NULL"
						" ORDER BY f.day, f.id LIMIT ?",
				 DB_ARGS(db_int(most)));
	return db_select(db,
			 DIFFERENCE_SQL " WHERE t.difference IS NOT NULL"
					" ORDER BY t.at DESC LIMIT ?",
			 DB_ARGS(db_int(most)));
}

bool books_differences_next(struct db_result *r, struct books_difference *d)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &d->id), DB_VIEW("day", &d->day),
				     DB_VIEW("kind", &d->kind), DB_VIEW("number", &d->number),
				     DB_MAYBE("ours_fen", &d->ours),
				     DB_MAYBE("theirs_fen", &d->theirs),
				     DB_OR_NULL(DB_VIEW("staff", &d->staff)),
				     DB_OR_NULL(DB_VIEW("reason", &d->reason)),
				     DB_FLAG("booked_since", &d->booked_since)));
}

struct db_result *books_bills(struct db *db)
{
	return db_select(db,
			 "SELECT day, state, failure, row_count, paid_fen, refund_fen FROM bill_day"
			 " ORDER BY state = 'due' DESC, day DESC LIMIT 31",
			 DB_NO_ARGS);
}

bool books_bills_next(struct db_result *r, struct books_bill *b)
{
	return db_next_row(r, DB_OUT(DB_VIEW("day", &b->day), DB_VIEW("state", &b->state),
				     DB_OR_NULL(DB_VIEW("failure", &b->failure)),
				     DB_OR_NULL(DB_INT("row_count", &b->rows)),
				     DB_MAYBE("paid_fen", &b->paid),
				     DB_MAYBE("refund_fen", &b->refund)));
}

bool books_difference_clear(struct db *db, int64_t difference, int64_t staff, const char *reason,
			    const char *key, char result[DB_WORD_SIZE])
{
	db_call(db, "CALL difference_clear(?, ?, ?, ?)",
		DB_ARGS(db_int(difference), db_int(staff), db_text(reason), db_text(key)), result);
	return !strcmp(result, "decided");
}
