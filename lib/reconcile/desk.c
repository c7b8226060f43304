/* desk.c: bills and differences as accountants see them, and what they decide. */
#include "reconcile/desk.h"

#define DIFFERENCE_SQL                                                                       \
	"SELECT f.id, f.day, f.kind, f.number, f.ours_fen, f.theirs_fen,"                    \
	" s.name AS staff, t.reason, f.ours_fen IS NULL AND EXISTS (SELECT 1 FROM payment p" \
	"  WHERE p.out_trade_no = f.number AND p.paid_fen IS NOT NULL) AS booked_since"      \
	" FROM difference f LEFT JOIN act t ON t.subject_kind = 'difference'"                \
	"  AND t.subject = f.id"                                                             \
	" LEFT JOIN staff s ON s.id = t.staff"

struct db_result *reconcile_differences(struct db *db, enum reconcile_difference_list list,
					int most)
{
	if (list == RECONCILE_DIFFERENCES_OPEN)
		return db_select(db,
				 DIFFERENCE_SQL " WHERE t.id IS NULL"
						" ORDER BY f.day, f.id LIMIT ?",
				 DB_ARGS(db_int(most)));
	return db_select(db,
			 DIFFERENCE_SQL " WHERE t.id IS NOT NULL"
					" ORDER BY t.at DESC LIMIT ?",
			 DB_ARGS(db_int(most)));
}

bool reconcile_differences_next(struct db_result *r, struct reconcile_difference *d)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &d->id), DB_VIEW("day", &d->day),
				     DB_VIEW("kind", &d->kind), DB_VIEW("number", &d->number),
				     DB_MAYBE("ours_fen", &d->ours),
				     DB_MAYBE("theirs_fen", &d->theirs),
				     DB_OR_NULL(DB_VIEW("staff", &d->staff)),
				     DB_OR_NULL(DB_VIEW("reason", &d->reason)),
				     DB_FLAG("booked_since", &d->booked_since)));
}

struct db_result *reconcile_bills(struct db *db)
{
	return db_select(db,
			 "SELECT day, state, failure, row_count, paid_fen, refund_fen FROM bill_day"
			 " ORDER BY state = 'due' DESC, day DESC LIMIT 31",
			 DB_NO_ARGS);
}

bool reconcile_bills_next(struct db_result *r, struct reconcile_bill *b)
{
	return db_next_row(r, DB_OUT(DB_VIEW("day", &b->day), DB_VIEW("state", &b->state),
				     DB_OR_NULL(DB_VIEW("failure", &b->failure)),
				     DB_OR_NULL(DB_INT("row_count", &b->rows)),
				     DB_MAYBE("paid_fen", &b->paid),
				     DB_MAYBE("refund_fen", &b->refund)));
}

bool reconcile_difference_clear(struct db *db, int64_t difference, const char *token,
				const char *reason, const char *key, char result[DB_WORD_SIZE])
{
	db_call(db, "CALL difference_clear(?, ?, ?, ?)",
		DB_ARGS(db_int(difference), db_text(token), db_text(reason), db_text(key)), result);
	return !strcmp(result, "decided");
}
