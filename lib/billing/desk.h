/* desk.h: invoices as accountants see them, and what they decide.
 *
 * Lists are read with the function of the same name and `next`, until it says
 * false; their texts belong to the result. Account: DB_CLERK. */
#ifndef BILLING_DESK_H
#define BILLING_DESK_H

#include "db/row.h"

enum billing_invoice_list {
	BILLING_INVOICES_BY_HAND, /* wait for an accountant */
	BILLING_INVOICES_UNDER_WAY, /* the provider is at it */
	BILLING_INVOICES_OVER, /* the newest first */
	BILLING_INVOICE_LIST_COUNT,
};
struct billing_invoice_row {
	int64_t id;
	const char *title, *order_no, *kind, *state, *at;
	const char *number, *failure; /* "" for none */
	struct db_maybe amount, tax;
	bool has_pdf;
};
struct db_result *billing_invoices(struct db *, enum billing_invoice_list, int most);
bool billing_invoices_next(struct db_result *, struct billing_invoice_row *);

/* One that waits for an accountant or the provider; at most one row. */
struct billing_waiting {
	const char *kind, *title, *order_no, *state;
	const char *tax_number, *failure, *blue_number; /* "" for none */
	int64_t amount_fen, net_fen, tax_fen;
	int tax_percent;
};
struct db_result *billing_waiting(struct db *, int64_t invoice);
bool billing_waiting_next(struct db_result *, struct billing_waiting *);

/* Noon in China of a day as it was typed, "2026-01-31", in UTC as the database has
 * it. False: there is no such day, or it lies before 2020 or in the future. */
#define BILLING_TIME_SIZE 24
bool billing_invoice_day(struct db *, const char *typed, char out[BILLING_TIME_SIZE]);

/* "enter": issued by hand, with number and time; "again": asked for under a new
 * order number; "give_up". */
struct billing_decision {
	int64_t invoice;
	const char *token; /* of the accountant's session */
	const char *act, *note;
	const char *number, *issued_at; /* of "enter"; else NULL */
	const char *order_no; /* a new one: billing_order_no() */
	const char *key; /* idempotency key */
	char result[DB_WORD_SIZE]; /* of the procedure: "decided" */
};
/* In a transaction, which it rolls back when it says false. */
bool billing_invoice_decide(struct db *, struct billing_decision *);

#endif
