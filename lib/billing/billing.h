/* billing.h: invoices.
 *
 * An invoice is for one payment. The blue one is due when a fee is booked; a red
 * one takes the whole of an issued blue one back before the money goes back.
 *
 *     due -> asked -> issued
 *     asked -> failed      the provider refused: an accountant enters one made
 *                          by hand, asks again under a new number or gives it up
 *     due -> given_up      the money goes back before the provider was asked
 *
 * With provider "manual" a row stays due until an accountant enters it. At most
 * one blue and one red one of a payment are live (neither failed nor given up),
 * which a unique key holds, as triggers hold the amounts.
 *
 * Every function runs in a transaction of its own unless it says otherwise.
 * Account: DB_CRON. Amounts are fen. */
#ifndef BILLING_BILLING_H
#define BILLING_BILLING_H

#include "db/db.h"
#include "service/invoice.h"
#include "vault/vault.h"

#define BILLING_MANUAL "manual" /* the provider that is a person */
#define BILLING_TRIES_MAX 3 /* numbers that are tried before a person looks */

struct billing_invoice {
	int64_t id, application, payment, amount_fen; /* red: negative */
	int64_t paid_at; /* Unix seconds */
	bool is_red, has_pdf;
	char state[16], provider[17];
	char order_no[INVOICE_ORDER_MAX + 1], serial[INVOICE_SERIAL_MAX + 1];
	char number[INVOICE_NUMBER_LEN + 1];
	char buyer_title[401], buyer_tax_number[21]; /* bytes */
	char blue_serial[INVOICE_SERIAL_MAX + 1], blue_number[INVOICE_NUMBER_LEN + 1];
};

/* Not a transaction. False when there is no such row. */
bool billing_invoice_load(struct db *, int64_t id, struct billing_invoice *) MUST_USE;

/* Who issues, and at which rate: from the config. */
struct billing_seller {
	const char *provider;
	int tax_percent;
};
/* The live blue invoice of a payment, made when there is none; 0 when it is
 * none of ours to have one: not a fee, or its money goes or may go back. */
int64_t billing_blue(struct db *, const struct billing_seller *, int64_t payment);
/* The newest number under which the invoice of the same payment and kind goes on; 0:
 * no such invoice. Not a transaction. */
int64_t billing_invoice_newest(struct db *, int64_t id);
/* due -> asked, which is written before anything is sent. False when
 * another worker was faster. */
bool billing_invoice_asked(struct db *, const struct billing_invoice *);
/* The provider's number for it; not a transaction. */
void billing_invoice_serial(struct db *, int64_t id, const char *serial);
/* asked -> issued; a refund that waits for a red one goes on. False when it was
 * known, or the number is another invoice's. */
bool billing_invoice_issued(struct db *, const struct billing_invoice *, const char *number,
			    int64_t issued_at);
/* Refused. A new row under a new number takes its place; the id of that, or 0
 * when BILLING_TRIES_MAX are used up, or `final`: then a person looks. */
int64_t billing_invoice_refused(struct db *, const struct billing_invoice *, const char *reason,
				bool final);
/* Seals and stores the file, and promises the mail that brings it. */
void billing_invoice_keep(struct db *, struct vault *, const struct billing_invoice *,
			  const struct buffer *pdf);
/* Appends the file; false when there is none. Not a transaction. Any account
 * that may read invoice_pdf. */
bool billing_invoice_pdf(struct db *, struct vault *, int64_t id, struct buffer *pdf) MUST_USE;
/* Seals and stores a file within the caller's transaction. False when there is
 * one already. */
bool billing_pdf_put(struct db *, struct vault *, int64_t id, const struct buffer *pdf);
/* A new order number. */
void billing_order_no(char out[INVOICE_ORDER_MAX + 1]);

enum billing_red {
	BILLING_RED_SETTLED, /* no blue one, or its red one is issued: the money may go */
	BILLING_RED_PENDING, /* the provider is at it: ask again */
	BILLING_RED_BY_HAND, /* an accountant is: the refund is promised again after */
};
/* Before the money of a payment goes back: gives up a blue one that no provider
 * was asked for, and asks for the red one of an issued blue one. */
enum billing_red billing_red_first(struct db *, const struct billing_seller *, int64_t payment);

#endif
