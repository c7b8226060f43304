/* desk.h: bills and differences as accountants see them, and what they decide.
 *
 * Lists are read with the function of the same name and `next`, until it says
 * false; their texts belong to the result. Account: DB_CLERK. */
#ifndef RECONCILE_DESK_H
#define RECONCILE_DESK_H

#include "db/row.h"

/* Open ones by day; cleared ones from the last. */
enum reconcile_difference_list { RECONCILE_DIFFERENCES_OPEN, RECONCILE_DIFFERENCES_CLEARED };
struct reconcile_difference {
	int64_t id;
	const char *day, *kind, *number;
	const char *staff, *reason; /* of the clearing; "" while open */
	struct db_maybe ours, theirs;
	bool booked_since; /* a payment that was missing here is booked by now */
};
struct db_result *reconcile_differences(struct db *, enum reconcile_difference_list, int most);
bool reconcile_differences_next(struct db_result *, struct reconcile_difference *);

/* The bills of 31 days: those that are due first, then the latest. */
struct reconcile_bill {
	const char *day, *state, *failure; /* failure: "" for none */
	int64_t rows;
	struct db_maybe paid, refund;
};
struct db_result *reconcile_bills(struct db *);
bool reconcile_bills_next(struct db_result *, struct reconcile_bill *);

/* The accountant whose session the token is has found out why; `key` is the idempotency key. result:
 * "decided". In a transaction, which it rolls back when it says false. */
bool reconcile_difference_clear(struct db *, int64_t difference, const char *token,
				const char *reason, const char *key, char result[DB_WORD_SIZE]);

#endif
