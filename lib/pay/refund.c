/* refund.c: requests refunds and enters the service's answers about them. */
#include "pay/pay.h"

#include "base/die.h"
#include "base/log.h"
#include "db/row.h"
#include "fault/fault.h"
#include "flow/flow.h"
#include "outbox/outbox.h"
#include "pay/request.h"

#define REFUNDS_MAX 50 /* payments of one application */

const char *const pay_refund_booked_names[PAY_REFUND_BOOKED_COUNT] = {
	[PAY_REFUND_BOOKED] = "booked",
	[PAY_REFUND_BEFORE] = "before",
	[PAY_REFUND_UNKNOWN] = "unknown",
};

bool pay_request(struct db *db, int64_t payment, const char *cause)
{
	char number[PAY_NUMBER_MAX + 1], random[PUBLIC_ID_SIZE], result[DB_WORD_SIZE];

	random_public_id(random);
	snprintf(number, sizeof(number), "yjr%s", random);
	db_call(db, "CALL refund_request(?, ?, NULL, ?)",
		DB_ARGS(db_int(payment), db_text(cause), db_text(number)), result);
	return !strcmp(result, "requested");
}

void pay_promise_invoice(struct db *db, int64_t payment, int64_t application)
{
	char key[64], payload[64];

	snprintf(key, sizeof(key), "invoice-%lld", (long long)payment);
	snprintf(payload, sizeof(payload), "{\"payment\":%lld}", (long long)payment);
	outbox_add(db, "invoice", application, key, payload);
}

struct all {
	int64_t application;
	int requested;
};

static bool request_all(struct db *db, void *context)
{
	struct all *all = context;
	int64_t payment[REFUNDS_MAX];
	size_t count = 0;
	struct db_result *r = db_select(db,
					"SELECT id FROM payment WHERE application = ?"
					" AND state = 'paid' ORDER BY id FOR UPDATE",
					DB_ARGS(db_int(all->application)));

	while (count < REFUNDS_MAX && db_next_row(r, DB_OUT(DB_INT("id", &payment[count]))))
		count++;
	db_result_free(r);
	all->requested = 0;
	for (size_t i = 0; i < count; i++)
		all->requested += pay_request(db, payment[i], "ended");
	return true;
}

int pay_refund_all(struct db *db, int64_t application)
{
	struct all all = { .application = application };

	if (db_transaction(db, request_all, &all) != DB_DONE)
		die("pay: refunds were refused: %s", db_refusal(db));
	return all.requested;
}

static enum flow_result move_on(struct db *db, int64_t application)
{
	const struct flow_move move = {
		.application = application,
		.role = FLOW_CRON,
		.event = "refunded",
		.key = "refunded",
	};
	struct flow_outcome outcome;

	return flow_advance(db, &move, &outcome);
}

struct news {
	const char *number, *refund_id;
	enum pay_refund_news news;
	int64_t fen, id, application;
	enum pay_refund_booked result;
};

/* The columns of refund that an answer is compared with. */
struct standing {
	char state[16], cause[16];
	int64_t payment;
};

static const char *const state_after[] = {
	[PAY_REFUND_DONE] = "done",
	[PAY_REFUND_UNDER_WAY] = "sent",
	[PAY_REFUND_ABNORMAL] = "abnormal",
	[PAY_REFUND_CLOSED] = "closed",
};

/* Whether the news change this state. `done` is final, and so is `by_hand`, which an
 * accountant has set. */
static bool is_news(const char *state, enum pay_refund_news news)
{
	bool waits = !strcmp(state, "confirmed") || !strcmp(state, "sent");

	switch (news) {
	case PAY_REFUND_DONE:
		return waits || !strcmp(state, "abnormal");
	case PAY_REFUND_UNDER_WAY:
		return !strcmp(state, "confirmed");
	case PAY_REFUND_ABNORMAL:
	case PAY_REFUND_CLOSED:
	default:
		return waits;
	}
}

static bool lock(struct db *db, struct news *n, struct standing *s)
{
	return db_one(db,
		      "SELECT id, application, state, payment, cause FROM refund"
		      " WHERE out_refund_no = ? AND amount_fen = ? FOR UPDATE",
		      DB_ARGS(db_text(n->number), db_int(n->fen)),
		      DB_OUT(DB_INT("id", &n->id), DB_INT("application", &n->application),
			     DB_TEXT("state", s->state), DB_INT("payment", &s->payment),
			     DB_TEXT("cause", s->cause)));
}

static bool book(struct db *db, void *context)
{
	struct news *n = context;
	struct standing s;

	n->result = PAY_REFUND_UNKNOWN;
	if (!lock(db, n, &s))
		return false;
	n->result = PAY_REFUND_BEFORE;
	if (!is_news(s.state, n->news)) {
		/* the question about an abnormal refund is answered */
		db_exec(db, "UPDATE refund SET ask_at = NULL WHERE id = ? AND state = 'abnormal'",
			DB_ARGS(db_int(n->id)));
		return true;
	}
	db_exec(db,
		"UPDATE refund SET state = ?, refund_id = ?,"
		" done_at = IF(? = 'done', UTC_TIMESTAMP(3), NULL),"
		" ask_at = IF(? = 'sent', UTC_TIMESTAMP(3) + INTERVAL ? SECOND, NULL) WHERE id = ?",
		DB_ARGS(db_text(state_after[n->news]), db_text(n->refund_id),
			db_text(state_after[n->news]), db_text(state_after[n->news]),
			db_int(pay_refund_pause_s(0)), db_int(n->id)));
	if (n->news == PAY_REFUND_DONE)
		move_on(db, n->application);
	else if (n->news == PAY_REFUND_CLOSED)
		pay_request(db, s.payment, s.cause);
	n->result = PAY_REFUND_BOOKED;
	return true;
}

enum pay_refund_booked pay_refund_book(struct db *db, const char *out_refund_no,
				       enum pay_refund_news news, const char *refund_id,
				       int64_t refund_fen)
{
	struct news n = {
		.number = out_refund_no, .news = news, .refund_id = refund_id, .fen = refund_fen
	};

	if (db_transaction(db, book, &n) == DB_REFUSED)
		die("pay: the ledger refused: %s", db_refusal(db));
	log_line(n.result == PAY_REFUND_UNKNOWN || news == PAY_REFUND_ABNORMAL ? LOG_FAULT :
										 LOG_INFO,
		 "pay.refund", "refund=%lld news=%s result=%s", (long long)n.id, state_after[news],
		 pay_refund_booked_names[n.result]);
	return n.result;
}

static bool sent(struct db *db, void *context)
{
	const int64_t *refund = context;

	db_exec(db,
		"UPDATE refund SET state = 'sent', asks = 0,"
		" ask_at = UTC_TIMESTAMP(3) + INTERVAL ? SECOND"
		" WHERE id = ? AND state = 'confirmed'",
		DB_ARGS(db_int(pay_refund_pause_s(0)), db_int(*refund)));
	return true;
}

void pay_refund_sent(struct db *db, int64_t refund)
{
	db_transaction(db, sent, &refund);
}

static bool move_one(struct db *db, void *context)
{
	const int64_t *application = context;

	return move_on(db, *application) == FLOW_MOVED;
}

int pay_refund_upkeep(struct db *db, void (*at)(int64_t application))
{
	struct db_result *r = db_select(
		db,
		"SELECT a.id FROM application a WHERE a.state = 'awaiting_refund'"
		" AND" FAULT_FREE(
			PAY_FAULT_MOVED,
			"CAST(a.id AS CHAR CHARACTER SET ascii)") " AND EXISTS (SELECT 1 FROM payment p WHERE p.application = a.id"
								  "  AND p.state = 'paid')"
								  " AND NOT EXISTS (SELECT 1 FROM payment p LEFT JOIN refund r ON r.payment = p.id"
								  "  AND r.state IN ('done', 'by_hand')"
								  "  WHERE p.application = a.id AND p.state = 'paid' AND r.id IS NULL)",
		DB_NO_ARGS);
	int64_t application;
	int moved = 0;

	while (db_next_row(r, DB_OUT(DB_INT("id", &application)))) {
		if (at)
			at(application);
		moved += db_transaction(db, move_one, &application) == DB_DONE;
		if (at)
			at(0);
	}
	db_result_free(r);
	return moved;
}
