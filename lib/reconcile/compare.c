/* compare.c: a day's bill beside payment and refund.
 *
 * Whether the other side knows a number at all is asked of everything that it
 * has, not of the same day alone: a payment belongs to the day that the service
 * gives it, whenever we booked it. A refund belongs to the day on which the
 * service began it, which is our sent_at to within the answer's way; so those
 * of a day's last minutes are looked for with the next day's bill. */
#include "reconcile/reconcile.h"

/* China's day in UTC; the parameter is the day. */
#define OF_DAY(column)                                                 \
	column " >= CAST(? AS DATETIME) - INTERVAL 8 HOUR AND " column \
	       " < CAST(? AS DATETIME) - INTERVAL 8 HOUR + INTERVAL 1 DAY"
#define SHIFTED_DAY(column)                                                        \
	column " >= CAST(? AS DATETIME) - INTERVAL '8:10' HOUR_MINUTE AND " column \
	       " < CAST(? AS DATETIME) - INTERVAL '8:10' HOUR_MINUTE + INTERVAL 1 DAY"

#define INSERT_SQL \
	"INSERT IGNORE INTO difference (day, kind, number, ours_fen, theirs_fen, found_at) "
#define BOOKED_SQL "p.state IN ('paid', 'odd') AND p.transaction_id IS NOT NULL"

#define OURS "ON p.out_trade_no = b.out_trade_no AND " BOOKED_SQL
#define OURS_BACK \
	"ON r.out_refund_no = b.out_refund_no AND r.state NOT IN ('requested', 'declined')"
#define THEIRS " WHERE b.day = ? AND b.kind = "

/* A row of the bill's takes the day once; one of ours that the bill lacks takes
 * it for its column and for both ends of the day. */
static const struct comparison {
	size_t days;
	const char *sql;
} comparisons[] = {
	{ 3, INSERT_SQL
	  "SELECT ?, 'missing_there', p.out_trade_no, p.paid_fen, NULL,"
	  " UTC_TIMESTAMP(3) FROM payment p WHERE " BOOKED_SQL " AND " OF_DAY(
		  "p.paid_at") " AND NOT EXISTS (SELECT 1 FROM bill_row b"
			       " WHERE b.out_trade_no = p.out_trade_no AND b.kind <> 'refund')" },
	{ 1, INSERT_SQL "SELECT b.day, 'missing_here', b.out_trade_no, NULL, b.fen,"
			" UTC_TIMESTAMP(3) FROM bill_row b LEFT JOIN payment p " OURS THEIRS
			"'payment' AND p.id IS NULL" },
	{ 1, INSERT_SQL "SELECT b.day, 'amount', b.out_trade_no, p.paid_fen, b.fen,"
			" UTC_TIMESTAMP(3) FROM bill_row b JOIN payment p " OURS THEIRS
			"'payment' AND p.paid_fen <> b.fen" },
	{ 1, INSERT_SQL "SELECT b.day, 'currency', b.out_trade_no, p.paid_fen, b.fen,"
			" UTC_TIMESTAMP(3) FROM bill_row b JOIN payment p " OURS THEIRS
			"'payment' AND p.currency <> b.currency" },
	{ 1, INSERT_SQL "SELECT b.day, 'transaction', b.out_trade_no, p.paid_fen, b.fen,"
			" UTC_TIMESTAMP(3) FROM bill_row b JOIN payment p " OURS THEIRS
			"'payment' AND p.transaction_id <> b.transaction_id" },
	{ 1,
	  INSERT_SQL "SELECT b.day, 'revoked', b.out_trade_no, p.paid_fen, b.fen,"
		     " UTC_TIMESTAMP(3) FROM bill_row b JOIN payment p " OURS THEIRS "'revoked'" },
	{ 3, INSERT_SQL "SELECT ?, 'refund_missing_there', r.out_refund_no, r.amount_fen, NULL,"
			" UTC_TIMESTAMP(3) FROM refund r WHERE " SHIFTED_DAY(
				"r.sent_at") " AND NOT EXISTS (SELECT 1 FROM bill_row b"
					     " WHERE b.out_refund_no = r.out_refund_no)" },
	{ 1, INSERT_SQL "SELECT b.day, 'refund_missing_here', b.out_refund_no, NULL, b.fen,"
			" UTC_TIMESTAMP(3) FROM bill_row b LEFT JOIN refund r " OURS_BACK THEIRS
			"'refund' AND r.id IS NULL" },
	{ 1, INSERT_SQL "SELECT b.day, 'refund_amount', b.out_refund_no, r.amount_fen, b.fen,"
			" UTC_TIMESTAMP(3) FROM bill_row b JOIN refund r " OURS_BACK THEIRS
			"'refund' AND r.amount_fen <> b.fen" },
};

int64_t reconcile_compare(struct db *db, const char *day)
{
	const struct db_arg days[] = { db_text(day), db_text(day), db_text(day) };
	int64_t found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(comparisons); i++) {
		long n = db_exec(db, comparisons[i].sql,
				 (struct db_args){ days, comparisons[i].days });

		found += n > 0 ? n : 0;
	}
	return found;
}
