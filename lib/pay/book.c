/* book.c: enters the service's news of an order into the ledger, or refuses it. */
#include "pay/pay.h"

#include "base/die.h"
#include "base/log.h"
#include "db/row.h"
#include "flow/flow.h"
#include "outbox/outbox.h"
#include "pay/request.h"

const char *const pay_booked_names[PAY_BOOKED_COUNT] = {
	[PAY_BOOKED_FEE] = "fee",         [PAY_BOOKED_EXCESS] = "excess",
	[PAY_BOOKED_ODD] = "odd",         [PAY_BOOKED_CLOSED] = "closed",
	[PAY_BOOKED_BEFORE] = "before",   [PAY_BOOKED_NOTHING] = "nothing",
	[PAY_BOOKED_UNKNOWN] = "unknown",
};

struct booking {
	const struct pay_news *news;
	enum pay_booked result;
	int64_t id, application, amount_fen;
	char state[16], transaction[PAY_NUMBER_MAX + 1];
	bool ours; /* appid and mchid are those of the order */
};

static bool lock(struct db *db, struct booking *b)
{
	const struct pay_news *news = b->news;

	return db_one(
		db,
		"SELECT id, application, amount_fen, state, transaction_id,"
		" appid = ? AND mchid = ? AS ours FROM payment"
		" WHERE out_trade_no = ? FOR UPDATE",
		DB_ARGS(db_text(news->appid), db_text(news->mchid), db_text(news->out_trade_no)),
		DB_OUT(DB_INT("id", &b->id), DB_INT("application", &b->application),
		       DB_INT("amount_fen", &b->amount_fen), DB_TEXT("state", b->state),
		       DB_OR_NULL(DB_TEXT("transaction_id", b->transaction)),
		       DB_OR_NULL(DB_FLAG("ours", &b->ours))));
}

static bool is_state(const struct booking *b, enum pay_state state)
{
	return !strcmp(b->state, pay_state_names[state]);
}

static bool is_yuan(const struct booking *b)
{
	return !strcmp(b->news->currency, "CNY");
}

/* Converts the service's RFC 3339 text (China's time) to UTC; any other text becomes
 * the current time. */
#define PAID_AT_SQL                                                             \
	"COALESCE(STR_TO_DATE(?, '%Y-%m-%dT%H:%i:%s+08:00') - INTERVAL 8 HOUR," \
	" UTC_TIMESTAMP())"

static long write_row(struct db *db, const struct booking *b, enum pay_state state,
		      const char *booked_as, const char *transaction_id)
{
	const struct pay_news *news = b->news;

	return db_exec(db,
		       "UPDATE payment SET state = ?, booked_as = ?, transaction_id = ?,"
		       " paid_fen = ?, currency = ?, paid_at = " PAID_AT_SQL ","
		       " booked_at = UTC_TIMESTAMP(3), ask_at = NULL WHERE id = ?",
		       DB_ARGS(db_text(pay_state_names[state]), db_text(booked_as),
			       db_text(transaction_id), db_int(news->total_fen),
			       db_text(news->currency), db_text(news->paid_at), db_int(b->id)));
}

/* One transaction_id of the service pays one order. If two orders name the same one,
 * the money came once, and an operator must review both. */
static bool is_new_transaction(struct db *db, const struct booking *b)
{
	bool known = db_exists(db, "SELECT 1 FROM payment WHERE transaction_id = ? FOR UPDATE",
			       DB_ARGS(db_text(b->news->transaction_id)));

	return *b->news->transaction_id && !known;
}

static void write_money(struct db *db, const struct booking *b, enum pay_state state,
			const char *booked_as)
{
	write_row(db, b, state, booked_as, b->news->transaction_id);
}

/* The first payment of an application moves it by the event of its flow, under one
 * idempotency key. A further payment, or one in a state without that event, is excess. */
static void book_right(struct db *db, struct booking *b)
{
	const struct flow_move move = {
		.application = b->application,
		.role = FLOW_CRON,
		.event = "paid",
		.key = "paid",
	};
	struct flow_outcome outcome;

	if (flow_advance(db, &move, &outcome) == FLOW_MOVED) {
		write_money(db, b, PAY_PAID, "fee");
		b->result = PAY_BOOKED_FEE;
		if (!strcmp(outcome.state, "awaiting_review"))
			pay_promise_invoice(db, b->id, b->application);
	} else {
		write_money(db, b, PAY_PAID, "excess");
		pay_request(db, b->id, "excess");
		b->result = PAY_BOOKED_EXCESS;
	}
}

static void book_money(struct db *db, struct booking *b)
{
	bool known = is_state(b, PAY_PAID) || is_state(b, PAY_ODD);

	if (known && strcmp(b->transaction, b->news->transaction_id) != 0)
		log_line(LOG_FAULT, "pay.two_transactions", "payment=%lld", (long long)b->id);
	if (known) {
		b->result = PAY_BOOKED_BEFORE;
	} else if (!is_new_transaction(db, b)) {
		write_row(db, b, PAY_ODD, NULL, NULL);
		b->result = PAY_BOOKED_ODD;
	} else if (b->ours && is_yuan(b) && b->news->total_fen == b->amount_fen) {
		book_right(db, b);
	} else {
		write_money(db, b, PAY_ODD, NULL);
		if (b->ours && is_yuan(b) && b->news->total_fen > 0)
			pay_request(db, b->id, "odd");
		b->result = PAY_BOOKED_ODD;
	}
}

static void book_closed(struct db *db, struct booking *b)
{
	b->result = is_state(b, PAY_OPEN) ? PAY_BOOKED_CLOSED : PAY_BOOKED_BEFORE;
	/* the question about a closed order is answered, too */
	if (is_state(b, PAY_OPEN) || is_state(b, PAY_CLOSED))
		db_exec(db, "UPDATE payment SET state = 'closed', ask_at = NULL WHERE id = ?",
			DB_ARGS(db_int(b->id)));
}

static bool book(struct db *db, void *context)
{
	struct booking *b = context;

	b->result = PAY_BOOKED_NOTHING;
	if (!lock(db, b))
		b->result = PAY_BOOKED_UNKNOWN;
	else if (b->news->kind == PAY_NEWS_PAID)
		book_money(db, b);
	else if (b->news->kind == PAY_NEWS_CLOSED)
		book_closed(db, b);
	return b->result <= PAY_BOOKED_BEFORE;
}

enum pay_booked pay_book(struct db *db, const struct pay_news *news)
{
	struct booking b = { .news = news };

	if (db_transaction(db, book, &b) == DB_REFUSED)
		die("pay: the ledger refused: %s", db_refusal(db));
	if (b.result < PAY_BOOKED_BEFORE || b.result == PAY_BOOKED_UNKNOWN)
		log_line(b.result == PAY_BOOKED_ODD || b.result == PAY_BOOKED_UNKNOWN ? LOG_FAULT :
											LOG_INFO,
			 "pay.booked", "payment=%lld result=%s", (long long)b.id,
			 pay_booked_names[b.result]);
	return b.result;
}
