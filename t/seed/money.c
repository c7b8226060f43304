/* money.c: an application is paid for, gets its invoice, gets its money back. */
#include "seed.h"

#include <inttypes.h>
#include <time.h>

#include "base/alloc.h"
#include "base/die.h"
#include "billing/billing.h"
#include "db/row.h"
#include "outbox/outbox.h"
#include "pay/pay.h"

/* The smallest file that readers take for a PDF of one page. */
static const char pdf[] = "%PDF-1.4\n"
			  "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
			  "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
			  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 420]>>endobj\n"
			  "trailer<</Root 1 0 R>>\n%%EOF\n";

static void reload(struct seed_case *c)
{
	seed_reload(c, DB_CRON);
	c->at_us += 2000;
}

/* -- the fee -- */

struct taking {
	struct seed_case *c;
	struct pay_merchant merchant;
	struct pay_order order;
};

static bool take(struct db *db, void *context)
{
	struct taking *t = context;
	enum pay_product product = seed_below(&t->c->seed->random, 5) ? PAY_JSAPI : PAY_H5;

	return pay_order_take(db, t->c->id, product, &t->merchant, 0, &t->order) == PAY_TAKEN;
}

static void digits(struct seed_case *c, const char *prefix, size_t length, char *out)
{
	size_t n = strlen(prefix);

	memcpy(out, prefix, n);
	for (; n < length; n++)
		out[n] = (char)('0' + seed_below(&c->seed->random, 10));
	out[n] = '\0';
}

/* The moment in China, as the service writes it. */
static void china_time(int64_t at_us, char out[32])
{
	time_t t = (time_t)(at_us / SEED_US) + 8 * 3600;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, 32, "%Y-%m-%dT%H:%M:%S+08:00", &tm);
}

static enum pay_booked book(struct seed_case *c, const struct taking *t)
{
	char transaction[PAY_NUMBER_MAX + 1], paid_at[32];
	const struct pay_news news = {
		.kind = PAY_NEWS_PAID,
		.out_trade_no = t->order.out_trade_no,
		.transaction_id = transaction,
		.appid = t->merchant.appid,
		.mchid = t->merchant.mchid,
		.currency = "CNY",
		.paid_at = paid_at,
		.total_fen = t->order.amount_fen,
	};

	digits(c, "42000", 28, transaction);
	china_time(c->at_us, paid_at);
	c->at_us += 5 * SEED_US;
	return pay_book(seed_db(c->seed, DB_CRON, c->at_us), &news);
}

/* -- the invoice -- */

static struct billing_seller seller(struct seed_case *c)
{
	const struct config *config = c->seed->config;

	return (struct billing_seller){
		.provider = invoice_is_automatic(config) ? config_text(config, "invoice_provider") :
							   BILLING_MANUAL,
		.tax_percent = (int)config_int(config, "invoice_tax_percent"),
	};
}

/* Asked for, issued, its file kept; one by hand stays with the accountant. */
static void issue(struct seed_case *c, int64_t id)
{
	struct billing_invoice invoice;
	struct buffer file = BUFFER_INIT;
	char serial[INVOICE_SERIAL_MAX + 1], number[INVOICE_NUMBER_LEN + 1];
	struct db *db = seed_db(c->seed, DB_CRON, c->at_us);

	if (!id || !billing_invoice_load(db, id, &invoice) ||
	    !strcmp(invoice.provider, BILLING_MANUAL) || !billing_invoice_asked(db, &invoice))
		return;
	digits(c, "26112", 20, serial);
	digits(c, "263600", INVOICE_NUMBER_LEN, number);
	billing_invoice_serial(db, id, serial);
	c->at_us += 30 * SEED_US;
	db = seed_db(c->seed, DB_CRON, c->at_us);
	if (!billing_invoice_load(db, id, &invoice) ||
	    !billing_invoice_issued(db, &invoice, number, c->at_us / SEED_US))
		die("invoice %" PRId64 " was not issued", id);
	buffer_add(&file, pdf, sizeof(pdf) - 1);
	billing_invoice_keep(db, c->seed->vault, &invoice, &file);
	buffer_release(&file);
}

bool seed_do_paid(struct seed_case *c)
{
	const struct config *config = c->seed->config;
	struct taking t = { .c = c,
			    .merchant = { config_text(config, "wechat_appid"),
					  config_text(config, "wechatpay_mchid") } };
	struct billing_seller by = seller(c);

	if (seed_press(c, FLOW_APPLICANT, c->applicant, "pay", NULL, take, &t) != FLOW_MOVED)
		return false;
	c->at_us += 30 * SEED_US;
	if (book(c, &t) != PAY_BOOKED_FEE)
		return false;
	reload(c);
	issue(c, billing_blue(seed_db(c->seed, DB_CRON, c->at_us), &by, t.order.id));
	return true;
}

/* -- the money goes back -- */

void seed_after_refund(struct seed_case *c)
{
	struct db *db = seed_db(c->seed, DB_CRON, c->at_us);
	int64_t event =
		db_number(db,
			  "SELECT e.id FROM application a JOIN event e ON e.id = a.last_event"
			  " WHERE a.id = ? AND e.event = 'reject'",
			  DB_ARGS(db_int(c->id)));
	char key[64];

	snprintf(key, sizeof(key), "rejected-%" PRId64, event);
	if (event)
		outbox_add(db, "rejected", c->id, key, NULL);
	pay_refund_all(db, c->id);
	c->at_us += 2000;
}

struct confirming {
	int64_t refund;
	const char *token;
};

static bool confirm(struct db *db, void *context)
{
	const struct confirming *f = context;
	char key[PUBLIC_ID_SIZE], result[DB_WORD_SIZE];

	random_public_id(key);
	db_call(db, "CALL refund_decide(?, ?, 'confirm', '已核对', ?)",
		DB_ARGS(db_int(f->refund), db_text(f->token), db_text(key)), result);
	return !strcmp(result, "decided");
}

/* The invoice is taken back first. */
static bool give_back(struct seed_case *c, int64_t payment, int64_t refund, int64_t accountant)
{
	struct confirming f = { refund, seed_token(c->seed, FLOW_ACCOUNTANT, accountant) };
	struct billing_seller by = seller(c);
	char number[PAY_NUMBER_MAX + 1], id[PAY_NUMBER_MAX + 1];
	struct db *db;
	int64_t fen;

	if (db_transaction(seed_db(c->seed, DB_CLERK, c->at_us), confirm, &f) != DB_DONE)
		return false;
	c->at_us += 60 * SEED_US;
	db = seed_db(c->seed, DB_CRON, c->at_us);
	if (billing_red_first(db, &by, payment) == BILLING_RED_PENDING)
		issue(c, db_number(db,
				   "SELECT id FROM invoice WHERE payment = ? AND kind = 'red'"
				   " ORDER BY id DESC LIMIT 1",
				   DB_ARGS(db_int(payment))));
	c->at_us += 60 * SEED_US;
	db = seed_db(c->seed, DB_CRON, c->at_us);
	db_one(db, "SELECT out_refund_no FROM refund WHERE id = ?", DB_ARGS(db_int(refund)),
	       DB_OUT(DB_TEXT("out_refund_no", number)));
	fen = db_number(db, "SELECT amount_fen FROM refund WHERE id = ?", DB_ARGS(db_int(refund)));
	digits(c, "50300", 28, id);
	return pay_refund_book(db, number, PAY_REFUND_DONE, id, fen) == PAY_REFUND_BOOKED;
}

bool seed_do_refunded(struct seed_case *c, int64_t accountant)
{
	struct db_result *r = db_select(seed_db(c->seed, DB_CRON, c->at_us),
					"SELECT payment, id FROM refund WHERE application = ?"
					" AND state = 'requested' ORDER BY id",
					DB_ARGS(db_int(c->id)));
	int64_t payment, refund;
	bool good = true;

	while (good && db_next_row(r, DB_OUT(DB_INT("payment", &payment), DB_INT("id", &refund))))
		good = give_back(c, payment, refund, accountant);
	db_result_free(r);
	reload(c);
	return good;
}
