/* due.c: which orders and refunds the service is asked about next. */
#include "pay/pay.h"

#include "base/die.h"
#include "fault/fault.h"

/* For the time of one question; then it is another worker's. */
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

static void take_order(const struct db_result *r, struct pay_question *q)
{
	*q = (struct pay_question){
		.order = { .id = db_int_at(r, 0),
			   .application = db_int_at(r, 1),
			   .amount_fen = db_int_at(r, 2),
			   .state = PAY_OPEN },
		.close = db_int_at(r, 6) != 0,
	};
	snprintf(q->order.out_trade_no, sizeof(q->order.out_trade_no), "%s", db_text_at(r, 3));
	for (int i = 0; i < PAY_PRODUCT_COUNT; i++)
		if (!strcmp(pay_product_names[i], db_text_at(r, 4)))
			q->order.product = (enum pay_product)i;
}

struct claim {
	bool found;
	void *out;
};

/* Closed when it is over or no longer wanted, and old enough to be closed. */
static bool claim_order(struct db *db, void *context)
{
	struct claim *c = context;
	struct db_result *r = db_select(
		db,
		"SELECT p.id, p.application, p.amount_fen, p.out_trade_no, p.product, p.asks,"
		" p.created_at <= UTC_TIMESTAMP() - INTERVAL ? MINUTE"
		"  AND (p.expires_at <= UTC_TIMESTAMP() OR NOT EXISTS (SELECT 1 FROM application a"
		"   WHERE a.id = p.application AND a.state = 'awaiting_payment'))"
		" FROM payment p WHERE p.ask_at <= UTC_TIMESTAMP(3)"
		" AND p.state IN ('open', 'closed')"
		" AND" FAULT_FREE(PAY_FAULT_ORDER,
				  ORDER_ITEM) " ORDER BY p.ask_at LIMIT 1 FOR UPDATE SKIP LOCKED",
		DB_ARGS(db_int(PAY_CLOSE_MINUTES)));
	int asks = 0;

	c->found = db_next(r);
	if (c->found) {
		asks = (int)db_int_at(r, 5) + 1;
		take_order(r, c->out);
	}
	db_result_free(r);
	if (!c->found)
		return false;
	db_exec(db,
		"UPDATE payment SET asks = ?, ask_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
		" WHERE id = ?",
		DB_ARGS(db_int(asks), db_int(longer(pay_order_pause_s(asks))),
			db_int(((struct pay_question *)c->out)->order.id)));
	return true;
}

bool pay_next_order(struct db *db, struct pay_question *q)
{
	struct claim c = { .out = q };

	return db_transaction(db, claim_order, &c) == DB_DONE && c.found;
}

#define REFUND_COLUMNS                                                                    \
	"r.id, r.application, r.amount_fen, p.paid_fen, r.out_refund_no, p.out_trade_no," \
	" p.transaction_id, r.state, r.cause, r.asks FROM refund r JOIN payment p ON p.id = r.payment"

static void take_refund(const struct db_result *r, struct pay_refund *out)
{
	*out = (struct pay_refund){
		.id = db_int_at(r, 0),
		.application = db_int_at(r, 1),
		.amount_fen = db_int_at(r, 2),
		.paid_fen = db_int_at(r, 3),
	};
	snprintf(out->out_refund_no, sizeof(out->out_refund_no), "%s", db_text_at(r, 4));
	snprintf(out->out_trade_no, sizeof(out->out_trade_no), "%s", db_text_at(r, 5));
	snprintf(out->transaction_id, sizeof(out->transaction_id), "%s", db_text_at(r, 6));
	snprintf(out->state, sizeof(out->state), "%s", db_text_at(r, 7));
	snprintf(out->cause, sizeof(out->cause), "%s", db_text_at(r, 8));
}

static bool claim_refund(struct db *db, void *context)
{
	struct claim *c = context;
	struct db_result *r = db_select(
		db,
		"SELECT " REFUND_COLUMNS " WHERE r.ask_at <= UTC_TIMESTAMP(3)"
		" AND r.state IN ('sent', 'abnormal')"
		" AND" FAULT_FREE(PAY_FAULT_REFUND,
				  REFUND_ITEM) " ORDER BY r.ask_at LIMIT 1 FOR UPDATE SKIP LOCKED",
		DB_NO_ARGS);
	int asks = 0;

	c->found = db_next(r);
	if (c->found) {
		asks = (int)db_int_at(r, 9) + 1;
		take_refund(r, c->out);
	}
	db_result_free(r);
	if (!c->found)
		return false;
	db_exec(db,
		"UPDATE refund SET asks = ?, ask_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
		" WHERE id = ?",
		DB_ARGS(db_int(asks), db_int(longer(pay_refund_pause_s(asks))),
			db_int(((struct pay_refund *)c->out)->id)));
	return true;
}

bool pay_next_refund(struct db *db, struct pay_refund *refund)
{
	struct claim c = { .out = refund };

	return db_transaction(db, claim_refund, &c) == DB_DONE && c.found;
}

bool pay_refund_load(struct db *db, int64_t id, struct pay_refund *refund)
{
	struct db_result *r = db_select(db, "SELECT " REFUND_COLUMNS " WHERE r.id = ?",
					DB_ARGS(db_int(id)));
	bool found = db_next(r);

	if (found)
		take_refund(r, refund);
	db_result_free(r);
	return found;
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
