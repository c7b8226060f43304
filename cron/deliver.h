/* deliver.h: delivers a row of the outbox.
 *
 * A kind that has a template in messages/ is a message. To add another channel: a
 * function here, its file, and the rows of its kinds in the table of outbox.c;
 * t/outbox/worker.t fails when an effect of the flow has no function. A function
 * makes one attempt and returns its result; it never waits or retries. row->again
 * means that the service may have received the row before: the function asks the
 * service, or repeats the call with the same idempotency key. */
#ifndef CRON_DELIVER_H
#define CRON_DELIVER_H

#include "outbox/outbox.h"
#include "vault/vault.h"

struct delivery {
	const struct config *config;
	struct db *db;
	struct vault *vault;
	const struct outbox_row *row;
	struct service_report report; /* of the attempt; empty before it */
};

typedef enum service_result deliver_fn(struct delivery *);

/* Sends a message to the applicant by WeChat, else by e-mail. */
deliver_fn deliver_message;
/* Mails the blank forms; payload {"request": id of forms_request}. */
deliver_fn deliver_forms;

/* Mail to the desk: an application waits too long, many faces are stored,
 * notifications could not be verified. */
deliver_fn deliver_desk, deliver_faces, deliver_unproven;

/* Requests the refund of all payments of an application that has ended. */
deliver_fn deliver_refund;
/* Sends a confirmed refund to WeChat Pay once the red invoice is issued;
 * payload {"refund": id}. */
deliver_fn deliver_refund_send;
/* Has the provider issue an invoice; payload {"payment": id}, or {"invoice": id}. */
deliver_fn deliver_invoice;
/* Mails an invoice's file to the buyer; payload {"invoice": id}. */
deliver_fn deliver_invoice_mail;
/* Mails the desk that bill and ledger differ; payload {"day": "2026-01-31"}. */
deliver_fn deliver_differences;

/* Sends a mail to the desk with a subject and a text. */
enum service_result deliver_to_desk(struct delivery *, const char *subject, const char *text);

/* A number of the row's payload; 0 if it is not there. */
int64_t deliver_number(const struct delivery *, const char *name);
/* The provider and the tax rate, from the config. */
struct billing_seller;
struct billing_seller deliver_seller(const struct delivery *);

/* Sets the report to the class and the reason, a fixed phrase; gives the class. */
enum service_result deliver_failed(struct delivery *, enum service_result, const char *why);

#endif
