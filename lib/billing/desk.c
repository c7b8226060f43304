/* desk.c: invoices as accountants see them, and what they decide. */
#include "billing/desk.h"

#define INVOICE_SQL                                                                                                              \
	"SELECT i.id, i.buyer_title, i.order_no, i.amount_fen, i.tax_fen, i.kind, i.state,"                                      \
	" i.number, " DB_MINUTE(                                                                                                 \
		"COALESCE(i.issued_at, i.created_at)") " AS at, i.failure,"                                                      \
						       " EXISTS (SELECT 1 FROM invoice_pdf f WHERE f.invoice = i.id) AS has_pdf" \
						       " FROM invoice i"

static const char *const invoices[BILLING_INVOICE_LIST_COUNT] = {
	[BILLING_INVOICES_BY_HAND] = INVOICE_SQL
	" WHERE i.state = 'failed' OR (i.state = 'due'"
	" AND i.provider = 'manual') ORDER BY i.id LIMIT ?",
	[BILLING_INVOICES_UNDER_WAY] = INVOICE_SQL
	" WHERE i.state = 'asked' OR (i.state = 'due'"
	" AND i.provider <> 'manual') ORDER BY i.id LIMIT ?",
	[BILLING_INVOICES_OVER] = INVOICE_SQL " WHERE i.state IN ('issued', 'given_up')"
					      " ORDER BY i.id DESC LIMIT ?",
};

struct db_result *billing_invoices(struct db *db, enum billing_invoice_list list, int most)
{
	return db_select(db, invoices[list], DB_ARGS(db_int(most)));
}

bool billing_invoices_next(struct db_result *r, struct billing_invoice_row *row)
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

struct db_result *billing_waiting(struct db *db, int64_t invoice)
{
	return db_select(
		db,
		"SELECT i.kind, i.buyer_title, i.buyer_tax_number, i.amount_fen, i.net_fen,"
		" i.tax_fen, i.tax_percent, i.order_no, i.state, i.failure,"
		" b.number AS blue_number FROM invoice i LEFT JOIN invoice b ON b.id = i.of_invoice"
		" WHERE i.id = ? AND i.state IN ('due', 'asked', 'failed')",
		DB_ARGS(db_int(invoice)));
}

bool billing_waiting_next(struct db_result *r, struct billing_waiting *w)
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

bool billing_invoice_day(struct db *db, const char *typed, char out[BILLING_TIME_SIZE])
{
	bool in_range;

	db_one(db,
	       "SELECT DATE_FORMAT(STR_TO_DATE(?, '%Y-%m-%d') + INTERVAL 4 HOUR,"
	       " '%Y-%m-%d %H:%i:%s') AS noon,"
	       " STR_TO_DATE(?, '%Y-%m-%d') BETWEEN '2020-01-01'"
	       " AND DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR) AS in_range",
	       DB_ARGS(db_text(typed), db_text(typed)),
	       DB_OUT(DB_OR_NULL(DB_TEXT_N("noon", out, BILLING_TIME_SIZE)),
		      DB_OR_NULL(DB_FLAG("in_range", &in_range))));
	return *out && in_range;
}

bool billing_invoice_decide(struct db *db, struct billing_decision *d)
{
	db_call(db, "CALL invoice_decide(?, ?, ?, ?, ?, ?, ?, ?)",
		DB_ARGS(db_int(d->invoice), db_text(d->token), db_text(d->act), db_text(d->number),
			db_text(d->issued_at), db_text(d->note), db_text(d->order_no),
			db_text(d->key)),
		d->result);
	return !strcmp(d->result, "decided");
}
