/* pay.h: the ledger of WeChat Pay: orders, payments and refunds.
 *
 * A payment is one order number at the service, for the price that the
 * applicant confirmed. Several may be open for one application (in WeChat, in
 * another browser, on a desk); the first that is paid moves the application on,
 * any other is excess and goes back. The service alone knows whether money
 * moved: notifications and answers to queries both become a pay_news. pay_book() alone
 * enters it, under the row lock, after comparing number, appid, mchid, currency and
 * amount. It accepts the same or older news any number of times, in any order.
 *
 *     open   -> closed | paid | odd
 *     closed -> paid | odd       the money came although the order was closed
 *     paid: the right amount, as `fee` or as `excess`; odd: another amount
 *
 * A refund gives a whole payment back. It is requested by rule (the application
 * ended, excess, odd) or by an accountant, confirmed by an accountant who is not
 * the requester, and sent by the outbox under a number that never changes:
 *
 *     requested -> confirmed | declined;   confirmed -> sent -> done
 *     sent -> abnormal (the money could not be paid out) -> confirmed again | by_hand
 *     sent -> closed (the service gave up): requested anew, with a new number
 *
 * The tables are payment and refund, with rows of act; triggers in
 * schema/routines/payment.sql enforce the above against every program.
 * Everything that writes runs within db_transaction() unless it says otherwise.
 * Amounts are fen. */
#ifndef PAY_PAY_H
#define PAY_PAY_H

#include "db/db.h"
#include "base/digest.h"

#define PAY_NUMBER_MAX 64 /* transaction_id, refund_id, out_refund_no */
#define PAY_TRADE_NO_MAX 32
#define PAY_WORD_MAX 32 /* appid, mchid */
#define PAY_ORDER_MINUTES 60 /* how long an order may be paid */
#define PAY_CLOSE_MINUTES 5 /* an order is not closed earlier */

enum pay_product { PAY_JSAPI, PAY_H5, PAY_NATIVE, PAY_PRODUCT_COUNT };
extern const char *const pay_product_names[PAY_PRODUCT_COUNT]; /* "jsapi" … */

enum pay_state { PAY_OPEN, PAY_CLOSED, PAY_PAID, PAY_ODD, PAY_STATE_COUNT };
extern const char *const pay_state_names[PAY_STATE_COUNT];

struct pay_order {
	int64_t id, application, amount_fen;
	char out_trade_no[PAY_TRADE_NO_MAX + 1];
	char expires[32]; /* time_expire: "2026-01-01T08:00:00+08:00" */
	enum pay_product product;
	enum pay_state state;
};

/* order.c: for the applicant's page. */
struct pay_merchant {
	const char *appid, *mchid;
};
enum pay_taken {
	PAY_TAKEN,
	PAY_NOT_OPEN, /* the application needs no payment now */
	PAY_IS_PAID, /* already paid */
	PAY_TAKEN_COUNT,
};
/* Finds the order of this application and product that can still be paid for a while,
 * or creates one. `after`: the id of an order that the service has refused, to get a
 * later one; else 0. In a transaction; locks the application. */
enum pay_taken pay_order_take(struct db *, int64_t application, enum pay_product,
			      const struct pay_merchant *, int64_t after, struct pay_order *);
/* Makes the query of an order due at once, since the applicant has come back from
 * paying. Not in a transaction. */
void pay_ask_now(struct db *, int64_t application);

/* book.c */
enum pay_news_kind {
	PAY_NEWS_PAID, /* also when a refund has begun */
	PAY_NEWS_NOT_PAID, /* not final */
	PAY_NEWS_CLOSED, /* also when the service knows no such order */
};

/* The service's answer about one order. Texts may be ""; they are compared as
 * they were received. */
struct pay_news {
	enum pay_news_kind kind;
	const char *out_trade_no, *transaction_id, *appid, *mchid, *currency;
	const char *paid_at; /* RFC 3339 */
	int64_t total_fen;
};

enum pay_booked {
	PAY_BOOKED_FEE, /* the application moved on; or it had ended, and a refund is requested */
	PAY_BOOKED_EXCESS, /* more than was owed: a refund is requested */
	PAY_BOOKED_ODD, /* wrong amount, currency or merchant: an operator reviews it;
			 * for yuan paid to us a refund is requested */
	PAY_BOOKED_CLOSED,
	PAY_BOOKED_BEFORE, /* known before */
	PAY_BOOKED_NOTHING, /* not final news */
	PAY_BOOKED_UNKNOWN, /* no such order of ours */
	PAY_BOOKED_COUNT,
};
extern const char *const pay_booked_names[PAY_BOOKED_COUNT];

/* In one transaction of its own. Account: DB_CRON. */
enum pay_booked pay_book(struct db *, const struct pay_news *);

/* refund.c */
enum pay_refund_news {
	PAY_REFUND_DONE,
	PAY_REFUND_UNDER_WAY,
	PAY_REFUND_ABNORMAL,
	PAY_REFUND_CLOSED
};

enum pay_refund_booked {
	PAY_REFUND_BOOKED, /* the state changed */
	PAY_REFUND_BEFORE, /* known before, or not final */
	PAY_REFUND_UNKNOWN, /* no such refund of ours, or another amount: an operator reviews it */
	PAY_REFUND_BOOKED_COUNT,
};
extern const char *const pay_refund_booked_names[PAY_REFUND_BOOKED_COUNT];

/* Requests the refund of every payment of an application that has ended; the clerk who
 * ended it, if one did, counts as the person who asks. Gives how many were requested
 * now. In a transaction of its own. */
int pay_refund_all(struct db *, int64_t application);
/* Enters the service's answer about a refund, with its `refund_id` and amount. In
 * one transaction of its own; the last refund of an ended application moves
 * that on. Account: DB_CRON. */
enum pay_refund_booked pay_refund_book(struct db *, const char *out_refund_no, enum pay_refund_news,
				       const char *refund_id, int64_t refund_fen);
/* The service has taken the refund over. In a transaction of its own. */
void pay_refund_sent(struct db *, int64_t refund);
/* Moves on every application whose refunds are all done. Gives how many. `at`, or NULL,
 * is called with each application before and with 0 after it. */
int pay_refund_upkeep(struct db *, void (*at)(int64_t application));

/* The names under which job_fault puts off rows that ended a worker (fault/fault.h). */
#define PAY_FAULT_ORDER "poll.order"
#define PAY_FAULT_REFUND "poll.refund"
#define PAY_FAULT_MOVED "poll.moved"

/* due.c: claims an order or a refund to ask the service about. A claim postpones the
 * next question, so that workers on several machines share the rows, and the row of a
 * dead worker comes again. Each in a transaction of its own. */
struct pay_question {
	struct pay_order order;
	bool close; /* to be closed unless it is paid */
};
bool pay_next_order(struct db *, struct pay_question *) MUST_USE;
struct pay_refund {
	int64_t id, application, amount_fen, paid_fen;
	char out_refund_no[PAY_NUMBER_MAX + 1], out_trade_no[PAY_TRADE_NO_MAX + 1];
	char transaction_id[PAY_NUMBER_MAX + 1];
	char state[16], cause[16];
};
bool pay_next_refund(struct db *, struct pay_refund *) MUST_USE;
/* Makes the query of this order or refund due at once, also of a closed order or an
 * abnormal refund. False when the number is not ours or the state is final. */
bool pay_ask_order(struct db *, const char *out_trade_no);
bool pay_ask_refund(struct db *, const char *out_refund_no);
bool pay_refund_load(struct db *, int64_t id, struct pay_refund *) MUST_USE;
/* The payment that a refund gives back; 0: no such refund. */
int64_t pay_refund_payment(struct db *, int64_t refund);
/* Whether the time has passed in which an order may be paid. */
bool pay_order_is_over(struct db *, int64_t payment);

/* Seconds before question number n (from 0): 30, 60, 120, 300, 600, 1800 …; of a
 * refund 60 five times, then 300, 600, 1200, 1800 …. */
int pay_order_pause_s(int n);
int pay_refund_pause_s(int n);

#endif
