/* due.c: selects the orders and refunds to ask the service about next. */
#include "pay/pay.h"

#include "base/die.h"
#include "db/row.h"
#include "fault/fault.h"
#include "lease/lease.h"

/* The lease of one question; after it another worker may claim the row. */
#define LEASE_S 60
#define ORDER_ITEM "CAST(p.id AS CHAR CHARACTER SET ascii)"
#define REFUND_ITEM "CAST(r.id AS CHAR CHARACTER SET ascii)"

static const int order_pauses_s[] = { 30, 60, 120, 300, 600, 1800 };
static const int refund_pauses_s[] = { 60, 60, 60, 60, 60, 300, 600, 1200, 1800 };

static int pause_s(const int *pauses, size_t count, int n)
{
	return pauses[(size_t)n < count ? (size_t)n : count - 1];
}

int pay_order_pause_s(int n)
{
	return pause_s(order_pauses_s, ARRAY_SIZE(order_pauses_s), n);
}

int pay_refund_pause_s(int n)
{
	return pause_s(refund_pauses_s, ARRAY_SIZE(refund_pauses_s), n);
}

static int longer(int pause)
{
	return pause > LEASE_S ? pause : LEASE_S;
}

static enum pay_product product_named(const char *name)
{
	for (int i = 0; i < PAY_PRODUCT_COUNT; i++)
		if (!strcmp(pay_product_names[i], name))
			return (enum pay_product)i;
	die("payment has the product %s", name);
}

static void read_order(struct db_result *r, void *to, struct lease *lease)
{
	struct pay_question *q = to;
	char product[16];
	int asks;

	*q = (struct pay_question){ .order.state = PAY_OPEN };
	db_row(r,
	       DB_OUT(DB_INT("id", &q->order.id), DB_INT("application", &q->order.application),
		      DB_INT("amount_fen", &q->order.amount_fen),
		      DB_TEXT("out_trade_no", q->order.out_trade_no), DB_TEXT("product", product),
		      DB_INT("asks", &asks), DB_FLAG("close", &q->close)));
	q->order.product = product_named(product);
	*lease = (struct lease){ .tries = asks,
				 .ms = INT64_C(1000) * longer(pay_order_pause_s(asks)),
				 .key = db_int(q->order.id) };
}

/* An order is to be closed when it has expired or its application needs it no more,
 * and is old enough (PAY_CLOSE_MINUTES). */
static const struct lease_kind order_kind = {
	.find = LEASE_FIND(
		"SELECT p.id, p.application, p.amount_fen, p.out_trade_no, p.product,"
		" p.asks + 1 AS asks, p.created_at <= UTC_TIMESTAMP() - INTERVAL ? MINUTE"
		"  AND (p.expires_at <= UTC_TIMESTAMP() OR NOT EXISTS (SELECT 1 FROM application a"
		"   WHERE a.id = p.application AND a.state = 'awaiting_payment')) AS close"
		" FROM payment p",
		"p.ask_at",
		" AND p.state IN ('open', 'closed') AND" FAULT_FREE(PAY_FAULT_ORDER, ORDER_ITEM)),
	.hold = LEASE_HOLD("UPDATE payment SET asks", "ask_at", " WHERE id = ?"),
	.read = read_order,
};

bool pay_next_order(struct db *db, struct pay_question *q)
{
	return lease_take(db, &order_kind, DB_ARGS(db_int(PAY_CLOSE_MINUTES)), NULL, q);
}

#define REFUND_COLUMNS                                                                    \
	"r.id, r.application, r.amount_fen, p.paid_fen, r.out_refund_no, p.out_trade_no," \
	" p.transaction_id, r.state, r.cause FROM refund r JOIN payment p ON p.id = r.payment"
#define REFUND_TARGETS(r)                                                                   \
	DB_INT("id", &(r)->id), DB_INT("application", &(r)->application),                   \
		DB_INT("amount_fen", &(r)->amount_fen), DB_INT("paid_fen", &(r)->paid_fen), \
		DB_TEXT("out_refund_no", (r)->out_refund_no),                               \
		DB_TEXT("out_trade_no", (r)->out_trade_no),                                 \
		DB_OR_NULL(DB_TEXT("transaction_id", (r)->transaction_id)),                 \
		DB_TEXT("state", (r)->state), DB_TEXT("cause", (r)->cause)

static void read_refund(struct db_result *r, void *to, struct lease *lease)
{
	struct pay_refund *refund = to;
	int asks;

	db_row(r, DB_OUT(DB_INT("asks", &asks), REFUND_TARGETS(refund)));
	*lease = (struct lease){ .tries = asks,
				 .ms = INT64_C(1000) * longer(pay_refund_pause_s(asks)),
				 .key = db_int(refund->id) };
}

static const struct lease_kind refund_kind = {
	.find = LEASE_FIND("SELECT r.asks + 1 AS asks, " REFUND_COLUMNS, "r.ask_at",
			   " AND r.state IN ('sent', 'abnormal')"
			   " AND" FAULT_FREE(PAY_FAULT_REFUND, REFUND_ITEM)),
	.hold = LEASE_HOLD("UPDATE refund SET asks", "ask_at", " WHERE id = ?"),
	.read = read_refund,
};

bool pay_next_refund(struct db *db, struct pay_refund *refund)
{
	return lease_take(db, &refund_kind, DB_NO_ARGS, NULL, refund);
}

bool pay_refund_load(struct db *db, int64_t id, struct pay_refund *refund)
{
	return db_one(db, "SELECT " REFUND_COLUMNS " WHERE r.id = ?", DB_ARGS(db_int(id)),
		      DB_OUT(REFUND_TARGETS(refund)));
}

int64_t pay_refund_payment(struct db *db, int64_t refund)
{
	return db_number(db, "SELECT payment FROM refund WHERE id = ?", DB_ARGS(db_int(refund)));
}

bool pay_order_is_over(struct db *db, int64_t payment)
{
	return db_exists(db, "SELECT 1 FROM payment WHERE id = ? AND expires_at <= UTC_TIMESTAMP()",
			 DB_ARGS(db_int(payment)));
}

bool pay_ask_order(struct db *db, const char *out_trade_no)
{
	return db_exec(db,
		       "UPDATE payment SET ask_at = UTC_TIMESTAMP(3)"
		       " WHERE out_trade_no = ? AND state IN ('open', 'closed')",
		       DB_ARGS(db_text(out_trade_no))) == 1;
}

bool pay_ask_refund(struct db *db, const char *out_refund_no)
{
	return db_exec(db,
		       "UPDATE refund SET ask_at = UTC_TIMESTAMP(3)"
		       " WHERE out_refund_no = ? AND state IN ('sent', 'abnormal')",
		       DB_ARGS(db_text(out_refund_no))) == 1;
}
