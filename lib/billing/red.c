/* red.c: before money goes back, the invoice for it is taken back. */
#include "billing/billing.h"

#include "base/die.h"
#include "base/log.h"
#include "db/row.h"
#include "outbox/outbox.h"

struct red {
	const struct billing_seller *seller;
	int64_t payment;
	enum billing_red result;
};

/* The newest invoice of a kind of this payment. */
struct newest {
	int64_t id, application;
	char state[16], provider[17];
};

static bool find_newest(struct db *db, int64_t payment, const char *kind, struct newest *n)
{
	return db_one(db,
		      "SELECT id, application, state, provider FROM invoice"
		      " WHERE payment = ? AND kind = ? ORDER BY id DESC LIMIT 1",
		      DB_ARGS(db_int(payment), db_text(kind)),
		      DB_OUT(DB_INT("id", &n->id), DB_INT("application", &n->application),
			     DB_TEXT("state", n->state), DB_TEXT("provider", n->provider)));
}

static enum billing_red standing(const struct newest *n)
{
	if (!strcmp(n->state, "issued") || !strcmp(n->state, "given_up"))
		return BILLING_RED_SETTLED;
	return !strcmp(n->state, "failed") || !strcmp(n->provider, BILLING_MANUAL) ?
		       BILLING_RED_BY_HAND :
		       BILLING_RED_PENDING;
}

static enum billing_red insert_red(struct db *db, const struct red *red, const struct newest *blue)
{
	char number[INVOICE_ORDER_MAX + 1], key[64], payload[64];
	bool manual = !strcmp(red->seller->provider, BILLING_MANUAL) ||
		      !strcmp(blue->provider, BILLING_MANUAL);
	int64_t id;

	billing_order_no(number);
	db_exec(db,
		"INSERT INTO invoice (application, payment, kind, of_invoice, order_no, amount_fen,"
		" tax_percent, tax_fen, net_fen, buyer_title, buyer_tax_number, provider, created_at)"
		" SELECT application, payment, 'red', id, ?, -amount_fen, tax_percent, -tax_fen,"
		" -net_fen, buyer_title, buyer_tax_number, ?, UTC_TIMESTAMP(3)"
		" FROM invoice WHERE id = ?",
		DB_ARGS(db_text(number), db_text(manual ? BILLING_MANUAL : red->seller->provider),
			db_int(blue->id)));
	id = db_inserted_id(db);
	log_line(LOG_INFO, "billing.red", "invoice=%lld of=%lld", (long long)id,
		 (long long)blue->id);
	if (manual)
		return BILLING_RED_BY_HAND;
	snprintf(key, sizeof(key), "invoice-red-%lld", (long long)id);
	snprintf(payload, sizeof(payload), "{\"invoice\":%lld}", (long long)id);
	outbox_add(db, "invoice", blue->application, key, payload);
	return BILLING_RED_PENDING;
}

/* A blue one is taken back when it is there, waited for while the provider may
 * be making it, and not begun any more when nobody was asked. */
static enum billing_red settle_blue(struct db *db, const struct red *red, const struct newest *blue)
{
	if (!strcmp(blue->state, "issued"))
		return insert_red(db, red, blue);
	if (!strcmp(blue->state, "asked"))
		return BILLING_RED_PENDING;
	db_exec(db,
		"UPDATE invoice SET state = 'given_up' WHERE id = ? AND state IN ('due', 'failed')",
		DB_ARGS(db_int(blue->id)));
	return BILLING_RED_SETTLED;
}

static bool settle(struct db *db, void *context)
{
	struct red *red = context;
	struct newest blue, newest_red;

	db_exists(db, "SELECT 1 FROM payment WHERE id = ? FOR UPDATE",
		  DB_ARGS(db_int(red->payment)));
	if (find_newest(db, red->payment, "red", &newest_red))
		red->result = standing(&newest_red);
	else if (!find_newest(db, red->payment, "blue", &blue))
		red->result = BILLING_RED_SETTLED;
	else
		red->result = settle_blue(db, red, &blue);
	return true;
}

enum billing_red billing_red_first(struct db *db, const struct billing_seller *seller,
				   int64_t payment)
{
	struct red red = { .seller = seller, .payment = payment };

	if (db_transaction(db, settle, &red) != DB_DONE)
		die("billing: red invoice of payment %lld: %s", (long long)payment, db_refusal(db));
	return red.result;
}
