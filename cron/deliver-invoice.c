/* deliver-invoice.c: has the provider issue an invoice. Issuing takes minutes, so the
 * outbox row is retried until the invoice's number and file have arrived. */
#include "deliver.h"

#include "base/log.h"
#include "billing/billing.h"

struct job {
	struct delivery *d;
	struct invoice_account account;
	struct billing_invoice invoice;
};

static enum service_result hand_in(struct job *j)
{
	const struct billing_invoice *i = &j->invoice;
	const struct invoice_line line = { .total_fen = i->amount_fen, .quantity = 1 };
	const struct invoice_order order = {
		.order_no = i->order_no,
		.kind = INVOICE_GENERAL,
		.buyer = { .name = i->buyer_title, .tax_number = i->buyer_tax_number },
		.line = &line,
		.line_count = 1,
		.ordered_at = i->paid_at,
	};
	const struct invoice_correction correction = {
		.order_no = i->order_no,
		.kind = INVOICE_GENERAL,
		.reason = INVOICE_ENDED,
		.blue_serial = i->blue_serial,
		.blue_number = i->blue_number,
	};

	return i->is_red ? invoice_red(&j->account, &correction, &j->d->report) :
			   invoice_issue(&j->account, &order, &j->d->report);
}

/* Retries at once under a new order number, or leaves the invoice to an accountant. */
static enum service_result refused(struct job *j, const char *why, bool final)
{
	if (billing_invoice_refused(j->d->db, &j->invoice, why, final))
		return deliver_failed(j->d, SERVICE_RETRY_LATER,
				      "refused: under a new number next");
	return deliver_failed(j->d, SERVICE_OK, "refused: on the accountant's list");
}

static enum service_result ask_for_it(struct job *j)
{
	enum service_result result = hand_in(j);
	char why[sizeof(j->d->report.detail)];

	if (result == SERVICE_PERMANENT) {
		snprintf(why, sizeof(why), "%s", j->d->report.detail);
		return refused(j, why, true);
	}
	if (result != SERVICE_OK)
		return result;
	billing_invoice_serial(j->d->db, j->invoice.id, j->d->report.reference);
	return deliver_failed(j->d, SERVICE_RETRY_LATER, "handed in: asked for next");
}

static enum service_result fetch_file(struct job *j, const struct invoice_status *status)
{
	struct buffer pdf = BUFFER_INIT;
	enum service_result result;

	if (!*status->pdf_url)
		return deliver_failed(j->d, SERVICE_RETRY_LATER,
				      "issued: the file is not there yet");
	result = invoice_download(&j->account, status->pdf_url, &pdf, &j->d->report);
	if (result == SERVICE_OK)
		billing_invoice_keep(j->d->db, j->d->vault, &j->invoice, &pdf);
	buffer_release(&pdf);
	return result;
}

/* A differing total needs manual review. */
static enum service_result issued(struct job *j, const struct invoice_status *status)
{
	const struct billing_invoice *i = &j->invoice;

	if (status->total_fen && status->total_fen != i->amount_fen)
		return deliver_failed(j->d, SERVICE_PERMANENT, "issued with another total");
	billing_invoice_serial(j->d->db, i->id, status->serial);
	if (strcmp(i->state, "issued") != 0 &&
	    !billing_invoice_issued(j->d->db, i, status->number, status->issued_at))
		return deliver_failed(j->d, SERVICE_PERMANENT, "issued under a number we have");
	return fetch_file(j, status);
}

/* The invoice is submitted again only after the provider has said that it knows no such
 * order: a lost answer may hide an issued invoice. */
static enum service_result ask_how_it_stands(struct job *j)
{
	struct invoice_status status;
	enum service_result result = invoice_query(&j->account, j->invoice.order_no, &status,
						   &j->d->report);

	if (result != SERVICE_OK)
		return result;
	switch (status.state) {
	case INVOICE_ABSENT:
	case INVOICE_AGAIN:
		return ask_for_it(j);
	case INVOICE_ISSUED:
		return issued(j, &status);
	case INVOICE_FAILED:
		return refused(j, status.reason, false);
	case INVOICE_VOID:
		return refused(j, "voided at the provider", true);
	case INVOICE_PENDING:
	case INVOICE_VOIDING:
	case INVOICE_STATE_COUNT:
	default:
		return deliver_failed(j->d, SERVICE_RETRY_LATER, "the provider is at it");
	}
}

static enum service_result work(struct job *j)
{
	const struct billing_invoice *i = &j->invoice;

	if (!strcmp(i->state, "failed") || !strcmp(i->state, "given_up") ||
	    (!strcmp(i->state, "issued") && i->has_pdf))
		return SERVICE_OK;
	if (!strcmp(i->provider, BILLING_MANUAL))
		return deliver_failed(j->d, SERVICE_OK, "on the accountant's list");
	if (!invoice_is_automatic(j->d->config))
		return deliver_failed(j->d, SERVICE_ALARM, "no provider is set up");
	if (!strcmp(i->state, "due"))
		return billing_invoice_asked(j->d->db, i) ?
			       ask_for_it(j) :
			       deliver_failed(j->d, SERVICE_RETRY_LATER, "another is at it");
	return ask_how_it_stands(j);
}

/* Finds the invoice by payment or by id. For a refused invoice it is the newest one
 * of the same payment. */
static int64_t find(struct delivery *d)
{
	const struct billing_seller seller = deliver_seller(d);
	int64_t payment = deliver_number(d, "payment");

	if (payment)
		return billing_blue(d->db, &seller, payment);
	return billing_invoice_newest(d->db, deliver_number(d, "invoice"));
}

enum service_result deliver_invoice(struct delivery *d)
{
	struct job j = { .d = d, .account = { d->config, d->db, d->vault } };
	int64_t id = find(d);

	if (!id || !billing_invoice_load(d->db, id, &j.invoice))
		return deliver_failed(d, SERVICE_OK, "none is due: no fee, or it goes back");
	return work(&j);
}
