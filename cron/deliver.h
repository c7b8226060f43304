/* deliver.h: from a row of the outbox to the outside world.
 *
 * A kind that has a template in messages/ is a message. To add another channel: a
 * function here, its file, and the rows of its kinds in the table of outbox.c;
 * t/outbox/worker.t fails when an effect of the flow has no way out. A
 * function hands over once and says what came of it; it never waits or
 * repeats by itself. With row->again the service may have seen the row: it is
 * asked, or told with the same key, which it knows to be the same. */
#ifndef CRON_DELIVER_H
#define CRON_DELIVER_H

#include "outbox/outbox.h"
#include "vault/vault.h"

struct delivery {
	const struct config *config;
	struct db *db;
	struct vault *vault;
	const struct outbox_row *row;
	struct service_report report; /* empty at the start */
};

typedef enum service_result deliver_fn(struct delivery *);

/* A message to the applicant: WeChat, else the address of an e-mail. */
deliver_fn deliver_message;
/* The blank forms to an address; payload {"request": id of forms_request}. */
deliver_fn deliver_forms;

/* To the desk's mailbox: that something waits too long, that many faces are
 * stored, that notifications of money were not proved. */
deliver_fn deliver_desk, deliver_faces, deliver_unproven;

/* Asks that all goes back which was paid for an application that ended. */
deliver_fn deliver_refund;
/* Hands a confirmed refund to WeChat Pay, after the invoice was taken back;
 * payload {"refund": id}. */
deliver_fn deliver_refund_send;
/* Has an invoice issued; payload {"payment": id}, or {"invoice": id}. */
deliver_fn deliver_invoice;
/* Its file to the buyer; payload {"invoice": id}. */
deliver_fn deliver_invoice_mail;
/* That bill and ledger differ, to the desk; payload {"day": "2026-01-31"}. */
deliver_fn deliver_differences;

/* A mail to the desk: why this row is there, in words for people. */
enum service_result deliver_to_desk(struct delivery *, const char *subject, const char *text);

/* A number of the row's payload; 0 if it is not there. */
int64_t deliver_number(const struct delivery *, const char *name);
/* Who issues invoices, by the config. */
struct billing_seller;
struct billing_seller deliver_seller(const struct delivery *);

/* For their reports: the class, and why in fixed words. */
enum service_result deliver_failed(struct delivery *, enum service_result, const char *why);

#endif
