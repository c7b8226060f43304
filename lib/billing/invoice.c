/* invoice.c: the ledger of invoices. */
#include "billing/billing.h"

#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "db/row.h"
#include "outbox/outbox.h"
#include "service/invoice-tax.h"

bool billing_invoice_load(struct db *db, int64_t id, struct billing_invoice *out)
{
	return db_one(
		db,
		"SELECT i.id, i.application, i.payment, i.amount_fen,"
		" TIMESTAMPDIFF(SECOND, '1970-01-01', p.paid_at) AS paid_at,"
		" i.kind = 'red' AS is_red, EXISTS (SELECT 1 FROM invoice_pdf f"
		"  WHERE f.invoice = i.id) AS has_pdf, i.state, i.provider, i.order_no, i.serial,"
		" i.number, i.buyer_title, i.buyer_tax_number, b.serial AS blue_serial,"
		" b.number AS blue_number FROM invoice i JOIN payment p ON p.id = i.payment"
		" LEFT JOIN invoice b ON b.id = i.of_invoice WHERE i.id = ?",
		DB_ARGS(db_int(id)),
		DB_OUT(DB_INT("id", &out->id), DB_INT("application", &out->application),
		       DB_INT("payment", &out->payment), DB_INT("amount_fen", &out->amount_fen),
		       DB_OR_NULL(DB_INT("paid_at", &out->paid_at)),
		       DB_FLAG("is_red", &out->is_red), DB_FLAG("has_pdf", &out->has_pdf),
		       DB_TEXT("state", out->state), DB_TEXT("provider", out->provider),
		       DB_TEXT("order_no", out->order_no),
		       DB_OR_NULL(DB_TEXT("serial", out->serial)),
		       DB_OR_NULL(DB_TEXT("number", out->number)),
		       DB_TEXT("buyer_title", out->buyer_title),
		       DB_OR_NULL(DB_TEXT("buyer_tax_number", out->buyer_tax_number)),
		       DB_OR_NULL(DB_TEXT("blue_serial", out->blue_serial)),
		       DB_OR_NULL(DB_TEXT("blue_number", out->blue_number))));
}

void billing_order_no(char out[INVOICE_ORDER_MAX + 1])
{
	char random[PUBLIC_ID_SIZE];

	random_public_id(random);
	snprintf(out, INVOICE_ORDER_MAX + 1, "yj%.18s", random);
}

struct blue {
	const struct billing_seller *seller;
	int64_t payment, id;
};

/* The order's words of who buys, as they are at this moment. */
static int64_t insert_blue(struct db *db, const struct blue *b, int64_t fen)
{
	struct invoice_amount part = invoice_split(fen, b->seller->tax_percent);
	char number[INVOICE_ORDER_MAX + 1];

	billing_order_no(number);
	db_exec(db,
		"INSERT INTO invoice (application, payment, kind, order_no, amount_fen, tax_percent,"
		" tax_fen, net_fen, buyer_title, buyer_tax_number, provider, created_at)"
		" SELECT p.application, p.id, 'blue', ?, p.paid_fen, ?, ?, ?, o.invoice_title,"
		" NULLIF(o.invoice_tax_number, ''), ?, UTC_TIMESTAMP(3) FROM payment p"
		" JOIN `order` o ON o.application = p.application WHERE p.id = ?",
		DB_ARGS(db_text(number), db_int(b->seller->tax_percent), db_int(part.tax_fen),
			db_int(part.net_fen), db_text(b->seller->provider), db_int(b->payment)));
	return db_inserted_id(db);
}

/* The payment's row is the lock between this and the refund (red.c). */
static bool lock_fee(struct db *db, int64_t payment, int64_t *fen)
{
	return db_one(db,
		      "SELECT paid_fen FROM payment WHERE id = ?"
		      " AND state = 'paid' AND booked_as = 'fee' FOR UPDATE",
		      DB_ARGS(db_int(payment)), DB_OUT(DB_INT("paid_fen", fen)));
}

static bool goes_back(struct db *db, int64_t payment)
{
	return db_exists(db, "SELECT 1 FROM refund WHERE payment = ? AND live = 1 LIMIT 1",
			 DB_ARGS(db_int(payment)));
}

/* While a refund is asked for, nothing is begun; what was begun is finished. */
static bool find_blue(struct db *db, void *context)
{
	struct blue *b = context;
	char state[16];
	bool over;
	int64_t fen;

	b->id = 0;
	if (!lock_fee(db, b->payment, &fen))
		return true;
	over = !db_one(db,
		       "SELECT id, state FROM invoice WHERE payment = ? AND kind = 'blue'"
		       " ORDER BY id DESC LIMIT 1",
		       DB_ARGS(db_int(b->payment)),
		       DB_OUT(DB_INT("id", &b->id), DB_TEXT("state", state))) ||
	       !strcmp(state, "given_up");
	if (!over && strcmp(state, "due") != 0)
		return true; /* begun already */
	if (goes_back(db, b->payment))
		b->id = 0;
	else if (over)
		b->id = insert_blue(db, b, fen);
	return true;
}

int64_t billing_blue(struct db *db, const struct billing_seller *seller, int64_t payment)
{
	struct blue b = { .seller = seller, .payment = payment };

	if (db_transaction(db, find_blue, &b) != DB_DONE)
		die("billing: no invoice for payment %lld: %s", (long long)payment, db_refusal(db));
	return b.id;
}

int64_t billing_invoice_newest(struct db *db, int64_t id)
{
	return db_number(db,
			 "SELECT COALESCE(MAX(n.id), 0) FROM invoice i"
			 " JOIN invoice n ON n.payment = i.payment AND n.kind = i.kind"
			 " WHERE i.id = ?",
			 DB_ARGS(db_int(id)));
}

bool billing_invoice_asked(struct db *db, const struct billing_invoice *i)
{
	return db_exec(db, "UPDATE invoice SET state = 'asked' WHERE id = ? AND state = 'due'",
		       DB_ARGS(db_int(i->id))) == 1;
}

void billing_invoice_serial(struct db *db, int64_t id, const char *serial)
{
	if (*serial)
		db_exec(db, "UPDATE invoice SET serial = ? WHERE id = ? AND serial IS NULL",
			DB_ARGS(db_text(serial), db_int(id)));
}

struct step {
	const struct billing_invoice *invoice;
	const char *number, *reason;
	int64_t issued_at, id;
	bool final, done;
	struct vault *vault;
	const struct buffer *pdf;
};

static bool write_issued(struct db *db, void *context)
{
	struct step *s = context;

	s->done = db_exec(db,
			  "UPDATE invoice SET state = 'issued', number = ?, failure = NULL,"
			  " issued_at = '1970-01-01' + INTERVAL ? SECOND"
			  " WHERE id = ? AND state IN ('asked', 'failed')",
			  DB_ARGS(db_text(s->number), db_int(s->issued_at),
				  db_int(s->invoice->id))) == 1;
	if (s->done && s->invoice->is_red)
		db_exec(db, "CALL refund_after_red(?)", DB_ARGS(db_int(s->invoice->id)));
	return s->done;
}

bool billing_invoice_issued(struct db *db, const struct billing_invoice *i, const char *number,
			    int64_t issued_at)
{
	struct step s = { .invoice = i, .number = number, .issued_at = issued_at };

	if (db_transaction(db, write_issued, &s) == DB_REFUSED)
		die("billing: invoice %lld: %s", (long long)i->id, db_refusal(db));
	log_line(s.done ? LOG_INFO : LOG_FAULT, "billing.issued", "invoice=%lld known=%d",
		 (long long)i->id, !s.done);
	return s.done;
}

/* How many numbers the provider refused in a row for this one. */
static int64_t tries(struct db *db, const struct billing_invoice *i)
{
	return db_number(
		db,
		"SELECT COUNT(*) FROM invoice WHERE payment = ? AND kind = ? AND failure IS NOT NULL",
		DB_ARGS(db_int(i->payment), db_text(i->is_red ? "red" : "blue")));
}

static bool write_refused(struct db *db, void *context)
{
	struct step *s = context;
	const struct billing_invoice *i = s->invoice;
	char number[INVOICE_ORDER_MAX + 1];
	bool last = s->final || tries(db, i) + 1 >= BILLING_TRIES_MAX;

	s->id = 0;
	s->done = db_exec(db,
			  "UPDATE invoice SET state = ?, failure = LEFT(?, 200)"
			  " WHERE id = ? AND state = 'asked'",
			  DB_ARGS(db_text(last ? "failed" : "given_up"), db_text(s->reason),
				  db_int(i->id))) == 1;
	if (!s->done || last)
		return s->done;
	billing_order_no(number);
	db_exec(db,
		"INSERT INTO invoice (application, payment, kind, of_invoice, order_no, amount_fen,"
		" tax_percent, tax_fen, net_fen, buyer_title, buyer_tax_number, provider, created_at)"
		" SELECT application, payment, kind, of_invoice, ?, amount_fen, tax_percent, tax_fen,"
		" net_fen, buyer_title, buyer_tax_number, provider, UTC_TIMESTAMP(3)"
		" FROM invoice WHERE id = ?",
		DB_ARGS(db_text(number), db_int(i->id)));
	s->id = db_inserted_id(db);
	return true;
}

int64_t billing_invoice_refused(struct db *db, const struct billing_invoice *i, const char *reason,
				bool final)
{
	struct step s = { .invoice = i, .reason = reason, .final = final };

	if (db_transaction(db, write_refused, &s) == DB_REFUSED)
		die("billing: invoice %lld: %s", (long long)i->id, db_refusal(db));
	log_line(s.id ? LOG_INFO : LOG_FAULT, "billing.refused", "invoice=%lld next=%lld",
		 (long long)i->id, (long long)s.id);
	return s.id;
}

static void pdf_context(char out[48], int64_t id)
{
	snprintf(out, 48, "invoice_pdf:%lld", (long long)id);
}

bool billing_pdf_put(struct db *db, struct vault *vault, int64_t id, const struct buffer *pdf)
{
	struct buffer sealed = BUFFER_INIT;
	char context[48];
	long put;

	pdf_context(context, id);
	vault_seal(vault, context, pdf->data, pdf->len, &sealed);
	put = db_exec(db,
		      "INSERT INTO invoice_pdf (invoice, sealed, kept_at)"
		      " VALUES (?, ?, UTC_TIMESTAMP(3))",
		      DB_ARGS(db_int(id), db_bytes(sealed.data, sealed.len)));
	buffer_release(&sealed);
	return put == 1;
}

static bool keep(struct db *db, void *context)
{
	struct step *s = context;
	const struct billing_invoice *i = s->invoice;
	char key[64], payload[64];

	if (!billing_pdf_put(db, s->vault, i->id, s->pdf))
		return false;
	snprintf(key, sizeof(key), "invoice-mail-%lld", (long long)i->id);
	snprintf(payload, sizeof(payload), "{\"invoice\":%lld}", (long long)i->id);
	outbox_add(db, i->is_red ? "invoice_red_mail" : "invoice_mail", i->application, key,
		   payload);
	return true;
}

void billing_invoice_keep(struct db *db, struct vault *vault, const struct billing_invoice *i,
			  const struct buffer *pdf)
{
	struct step s = { .invoice = i, .vault = vault, .pdf = pdf };

	if (db_transaction(db, keep, &s) == DB_REFUSED)
		die("billing: the file of invoice %lld: %s", (long long)i->id, db_refusal(db));
}

bool billing_invoice_pdf(struct db *db, struct vault *vault, int64_t id, struct buffer *pdf)
{
	struct db_result *r = db_select(db, "SELECT sealed FROM invoice_pdf WHERE invoice = ?",
					DB_ARGS(db_int(id)));
	struct db_blob sealed;
	char context[48];
	bool found;

	pdf_context(context, id);
	found = db_next_row(r, DB_OUT(DB_BLOB("sealed", &sealed))) &&
		vault_unseal(vault, context, sealed.data, sealed.len, pdf);
	db_result_free(r);
	return found;
}
