/* desk.h: invoices, bills and differences as accountants see them, and what they
 * decide.
 *
 * Lists are read with the function of the same name and `next`, until it says
 * false; their texts belong to the result. Account: DB_CLERK. */
#ifndef BOOKS_DESK_H
#define BOOKS_DESK_H

#include "db/row.h"

/* -- invoices -- */

enum books_invoice_list {
	BOOKS_INVOICES_BY_HAND, /* wait for an accountant */
	BOOKS_INVOICES_UNDER_WAY, /* the provider is at it */
	BOOKS_INVOICES_OVER, /* the newest first */
	BOOKS_INVOICE_LIST_COUNT,
};
struct books_invoice_row {
	int64_t id;
	const char *title, *order_no, *kind, *state, *at;
	const char *number, *failure; /* "" for none */
	struct db_maybe amount, tax;
	bool has_pdf;
};
struct db_result *books_invoices(struct db *, enum books_invoice_list, int most);
bool books_invoices_next(struct db_result *, struct books_invoice_row *);

/* One that waits for an accountant or the provider; at most one row. */
struct books_waiting {
	const char *kind, *title, *order_no, *state;
	const char *tax_number, *failure, *blue_number; /* "" for none */
	int64_t amount_fen, net_fen, tax_fen;
	int tax_percent;
};
struct db_result *books_waiting(struct db *, int64_t invoice);
bool books_waiting_next(struct db_result *, struct books_waiting *);

/* Noon in China of a day as it was typed, "2026-01-31", in UTC as the database has
 * it. False: there is no such day, or it lies before 2020 or in the future. */
#define BOOKS_TIME_SIZE 24
bool books_invoice_day(struct db *, const char *typed, char out[BOOKS_TIME_SIZE]);

/* "enter": issued by hand, with number and time; "again": asked for under a new
 * order number; "give_up". */
struct books_decision {
	int64_t invoice, staff;
	const char *act, *note;
	const char *number, *issued_at; /* of "enter"; else NULL */
	const char *order_no; /* a new one: books_order_no() */
	const char *key; /* idempotency key */
	char result[DB_WORD_SIZE]; /* of the procedure: "decided" */
};
/* In a transaction, which it rolls back when it says false. */
bool books_invoice_decide(struct db *, struct books_decision *);

/* -- differences and bills -- */

/* Open ones by day; cleared ones from the last. */
enum books_difference_list { BOOKS_DIFFERENCES_OPEN, BOOKS_DIFFERENCES_CLEARED };
struct books_difference {
	int64_t id;
	const char *day, *kind, *number;
	const char *staff, *reason; /* of the clearing; "" while open */
	struct db_maybe ours, theirs;
	bool booked_since; /* a payment that was missing here is booked by now */
};
struct db_result *books_differences(struct db *, enum books_difference_list, int most);
bool books_differences_next(struct db_result *, struct books_difference *);

/* The bills of 31 days: those that are due first, then the latest. */
struct books_bill {
	const char *day, *state, *failure; /* failure: "" for none */
	int64_t rows;
	struct db_maybe paid, refund;
};
struct db_result *books_bills(struct db *);
bool books_bills_next(struct db_result *, struct books_bill *);

/* An accountant has found out why; `key` is the idempotency key. result:
 * "decided". In a transaction, which it rolls back when it says false. */
bool books_difference_clear(struct db *, int64_t difference, int64_t staff, const char *reason,
			    const char *key, char result[DB_WORD_SIZE]);

#endif
