/* desk.h: the ledger as accountants see it, and what they decide.
 *
 * Lists are read with the function of the same name and `next`, until it says
 * false; their texts belong to the result. Account: DB_CLERK. */
#ifndef PAY_DESK_H
#define PAY_DESK_H

#include "db/row.h"

/* Refunds, by what they wait for. */
enum pay_refund_list {
	PAY_REFUNDS_REQUESTED, /* for a second person */
	PAY_REFUNDS_ABNORMAL, /* for somebody who finds another way */
	PAY_REFUNDS_OTHER, /* for nobody here: under way first, then the newest */
	PAY_REFUND_LIST_COUNT,
};
struct pay_refund_row {
	int64_t id, requested_by; /* requested_by: staff, 0 for the house */
	int64_t acts; /* how many decisions there were */
	const char *company, *out_trade_no, *cause, *state;
	const char *asker, *requested, *decider, *note; /* "" for none */
	struct db_maybe amount;
	bool waits_for_invoice; /* for a red one */
};
struct db_result *pay_refunds(struct db *, enum pay_refund_list, int most);
bool pay_refunds_next(struct db_result *, struct pay_refund_row *);

/* Payments that came in with another amount, currency or merchant, or are kept
 * after a refund was declined; the newest first. */
struct pay_odd_row {
	int64_t id;
	const char *company, *out_trade_no, *currency, *state;
	struct db_maybe amount, paid;
	bool has_refund;
};
struct db_result *pay_odd(struct db *, int most);
bool pay_odd_next(struct db_result *, struct pay_odd_row *);

/* What was paid for an application and is with us still, in fen. */
int64_t pay_kept_fen(struct db *, int64_t application);

/* A decision about a refund: "confirm", "decline", "again", "by_hand". */
struct pay_decision {
	int64_t refund;
	const char *token; /* of the accountant's session */
	int64_t seen; /* pay_refund_row.acts as the page had shown them */
	const char *act, *note;
	const char *key; /* idempotency key */
	char result[DB_WORD_SIZE]; /* of the procedure: "decided"; "not_open" when more
				    * was decided than the page had shown */
};
/* In a transaction, which it rolls back when it says false. */
bool pay_refund_decide(struct db *, struct pay_decision *);
/* The accountant whose session the token is asks that a payment goes back, under the refund's number, which is
 * the idempotency key. result: "requested". In a transaction, which it rolls back
 * when it says false. */
bool pay_refund_ask(struct db *, int64_t payment, const char *token, const char *out_refund_no,
		    char result[DB_WORD_SIZE]);

#endif
