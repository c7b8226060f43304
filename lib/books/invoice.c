/* invoice.c: the ledger of invoices. */
#include "books/books.h"

#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "outbox/outbox.h"
#include "service/invoice-tax.h"

#define INVOICE_SQL                                                                          \
	"SELECT i.id, i.application, i.payment, i.amount_fen,"                               \
	" TIMESTAMPDIFF(SECOND, '1970-01-01', p.paid_at), i.kind = 'red',"                   \
	" EXISTS (SELECT 1 FROM invoice_pdf f WHERE f.invoice = i.id), i.state, i.provider," \
	" i.order_no, i.serial, i.number, i.buyer_title, i.buyer_tax_number, b.serial,"      \
	" b.number FROM invoice i JOIN payment p ON p.id = i.payment"                        \
	" LEFT JOIN invoice b ON b.id = i.of_invoice WHERE i.id = ?"

static void copy(const struct db_result *r, unsigned column, char *out, size_t size)
{
	snprintf(out, size, "%s", db_text_at(r, column));
}

bool books_invoice_load(struct db *db, int64_t id, struct books_invoice *out)
{
	struct db_result *r = db_select(db, INVOICE_SQL, DB_ARGS(db_int(id)));
	bool found = db_next(r);

	if (found) {
		*out = (struct books_invoice){
			.id = db_int_at(r, 0),
			.application = db_int_at(r, 1),
			.payment = db_int_at(r, 2),
			.amount_fen = db_int_at(r, 3),
			.paid_at = db_int_at(r, 4),
			.is_red = db_int_at(r, 5) != 0,
			.has_pdf = db_int_at(r, 6) != 0,
		};
		copy(r, 7, out->state, sizeof(out->state));
		copy(r, 8, out->provider, sizeof(out->provider));
		copy(r, 9, out->order_no, sizeof(out->order_no));
		copy(r, 10, out->serial, sizeof(out->serial));
		copy(r, 11, out->number, sizeof(out->number));
		copy(r, 12, out->buyer_title, sizeof(out->buyer_title));
		copy(r, 13, out->buyer_tax_number, sizeof(out->buyer_tax_number));
		copy(r, 14, out->blue_serial, sizeof(out->blue_serial));
		copy(r, 15, out->blue_number, sizeof(out->blue_number));
	}
	db_result_free(r);
	return found;
}

void books_order_no(char out[INVOICE_ORDER_MAX + 1])
{
	char random[PUBLIC_ID_SIZE];

	random_public_id(random);
	snprintf(out, INVOICE_ORDER_MAX + 1, "yj%.18s", random);
}

struct blue {
	const struct books_seller *seller;
	int64_t payment, id;
};

/* The order's words of who buys, as they are at this moment. */
static int64_t insert_blue(struct db *db, const struct blue *b, int64_t fen)
{
	struct invoice_amount part = invoice_split(fen, b->seller->tax_percent);
	char number[INVOICE_ORDER_MAX + 1];

	books_order_no(number);
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
	struct db_result *r = db_select(db,
					"SELECT paid_fen FROM payment WHERE id = ?"
					" AND state = 'paid' AND booked_as = 'fee' FOR UPDATE",
					DB_ARGS(db_int(payment)));
	bool found = db_next(r);

	*fen = found ? db_int_at(r, 0) : 0;
	db_result_free(r);
	return found;
}

static bool goes_back(struct db *db, int64_t payment)
{
	struct db_result *r =
		db_select(db, "SELECT 1 FROM refund WHERE payment = ? AND live = 1 LIMIT 1",
			  DB_ARGS(db_int(payment)));
	bool live = db_next(r);

	db_result_free(r);
	return live;
}

/* While a refund is asked for, nothing is begun; what was begun is finished. */
static bool find_blue(struct db *db, void *context)
{
	struct blue *b = context;
	struct db_result *r;
	bool begun, over;
	int64_t fen;

	b->id = 0;
	if (!lock_fee(db, b->payment, &fen))
		return true;
	r = db_select(db,
		      "SELECT id, state FROM invoice WHERE payment = ? AND kind = 'blue'"
		      " ORDER BY id DESC LIMIT 1",
		      DB_ARGS(db_int(b->payment)));
	over = !db_next(r) || !strcmp(db_text_at(r, 1), "given_up");
	begun = !over && strcmp(db_text_at(r, 1), "due") != 0;
	b->id = over ? 0 : db_int_at(r, 0);
	db_result_free(r);
	if (begun)
		return true;
	if (goes_back(db, b->payment))
		b->id = 0;
	else if (over)
		b->id = insert_blue(db, b, fen);
	return true;
}

int64_t books_blue(struct db *db, const struct books_seller *seller, int64_t payment)
{
	struct blue b = { .seller = seller, .payment = payment };

	if (db_transaction(db, find_blue, &b) != DB_DONE)
		die("books: no invoice for payment %lld: %s", (long long)payment, db_refusal(db));
	return b.id;
}

bool books_invoice_asked(struct db *db, const struct books_invoice *i)
{
	return db_exec(db, "UPDATE invoice SET state = 'asked' WHERE id = ? AND state = 'due'",
		       DB_ARGS(db_int(i->id))) == 1;
}

void books_invoice_serial(struct db *db, int64_t id, const char *serial)
{
	if (*serial)
		db_exec(db, "UPDATE invoice SET serial = ? WHERE id = ? AND serial IS NULL",
			DB_ARGS(db_text(serial), db_int(id)));
}

struct step {
	const struct books_invoice *invoice;
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

bool books_invoice_issued(struct db *db, const struct books_invoice *i, const char *number,
			  int64_t issued_at)
{
	struct step s = { .invoice = i, .number = number, .issued_at = issued_at };

	if (db_transaction(db, write_issued, &s) == DB_REFUSED)
		die("books: invoice %lld: %s", (long long)i->id, db_refusal(db));
	log_line(s.done ? LOG_INFO : LOG_FAULT, "books.issued", "invoice=%lld known=%d",
		 (long long)i->id, !s.done);
	return s.done;
}

/* How many numbers the provider refused in a row for this one. */
static int tries(struct db *db, const struct books_invoice *i)
{
	struct db_result *r = db_select(
		db,
		"SELECT COUNT(*) FROM invoice WHERE payment = ? AND kind = ? AND failure IS NOT NULL",
		DB_ARGS(db_int(i->payment), db_text(i->is_red ? "red" : "blue")));
	int n = db_next(r) ? (int)db_int_at(r, 0) : 0;

	db_result_free(r);
	return n;
}

static bool write_refused(struct db *db, void *context)
{
	struct step *s = context;
	const struct books_invoice *i = s->invoice;
	char number[INVOICE_ORDER_MAX + 1];
	bool last = s->final || tries(db, i) + 1 >= BOOKS_TRIES_MAX;

	s->id = 0;
	s->done = db_exec(db,
			  "UPDATE invoice SET state = ?, failure = LEFT(?, 200)"
			  " WHERE id = ? AND state = 'asked'",
			  DB_ARGS(db_text(last ? "failed" : "given_up"), db_text(s->reason),
				  db_int(i->id))) == 1;
	if (!s->done || last)
		return s->done;
	books_order_no(number);
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

int64_t books_invoice_refused(struct db *db, const struct books_invoice *i, const char *reason,
			      bool final)
{
	struct step s = { .invoice = i, .reason = reason, .final = final };

	if (db_transaction(db, write_refused, &s) == DB_REFUSED)
		die("books: invoice %lld: %s", (long long)i->id, db_refusal(db));
	log_line(s.id ? LOG_INFO : LOG_FAULT, "books.refused", "invoice=%lld next=%lld",
		 (long long)i->id, (long long)s.id);
	return s.id;
}

static void pdf_context(char out[48], int64_t id)
{
	snprintf(out, 48, "invoice_pdf:%lld", (long long)id);
}

bool books_pdf_put(struct db *db, struct vault *vault, int64_t id, const struct buffer *pdf)
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
	const struct books_invoice *i = s->invoice;
	char key[64], payload[64];

	if (!books_pdf_put(db, s->vault, i->id, s->pdf))
		return false;
	snprintf(key, sizeof(key), "invoice-mail-%lld", (long long)i->id);
	snprintf(payload, sizeof(payload), "{\"invoice\":%lld}", (long long)i->id);
	outbox_add(db, i->is_red ? "invoice_red_mail" : "invoice_mail", i->application, key,
		   payload);
	return true;
}

void books_invoice_keep(struct db *db, struct vault *vault, const struct books_invoice *i,
			const struct buffer *pdf)
{
	struct step s = { .invoice = i, .vault = vault, .pdf = pdf };

	if (db_transaction(db, keep, &s) == DB_REFUSED)
		die("books: the file of invoice %lld: %s", (long long)i->id, db_refusal(db));
}

bool books_invoice_pdf(struct db *db, struct vault *vault, int64_t id, struct buffer *pdf)
{
	struct db_result *r = db_select(db, "SELECT sealed FROM invoice_pdf WHERE invoice = ?",
					DB_ARGS(db_int(id)));
	bool found = db_next(r);
	char context[48];
	size_t n;

	if (found) {
		const void *sealed = db_bytes_at(r, 0, &n);

		pdf_context(context, id);
		found = vault_unseal(vault, context, sealed, n, pdf);
	}
	db_result_free(r);
	return found;
}
