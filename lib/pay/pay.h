/* pay.h: the ledger of WeChat Pay: orders, payments and refunds.
 *
 * A payment is one order number at the service, for the price that the
 * applicant confirmed. Several may be open for one application (in WeChat, in
 * another browser, on a desk); the first that is paid moves the application on,
 * any other is excess and goes back. The service alone knows whether money
 * moved: notifications and answers to questions both become a pay_news, and pay_book()
 * is the one place that believes it, under the row lock, after comparing
 * number, appid, mchid, currency and amount. It may be told the same or older
 * news any number of times, in any order.
 *
 *     open   -> closed | paid | odd
 *     closed -> paid | odd       the money came although the order was closed
 *     paid: the right amount, as `fee` or as `excess`; odd: another amount
 *
 * A refund gives a whole payment back. It is requested by rule (the application
 * ended, excess, odd) or by an accountant, confirmed by an accountant who is not
 * the requester, sent by the outbox under a number that never changes:
 *
 *     requested -> confirmed | declined;   confirmed -> sent -> done
 *     sent -> abnormal (the money found no way) -> confirmed again | by_hand
 *     sent -> closed (the service gave up): requested anew, with a new number
 *
 * The tables are payment, refund and refund_act; triggers in
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
	PAY_NOT_OPEN, /* the application is not to be paid now */
	PAY_IS_PAID, /* money is there already: nothing more to pay */
	PAY_TAKEN_COUNT,
};
/* The order of this application for a product that can still be paid for a
 * while, or a new one. `after`: the id of an order that the service does not
 * take, so that a later one is needed; else 0. In a transaction; the
 * application is locked. */
enum pay_taken pay_order_take(struct db *, int64_t application, enum pay_product,
			      const struct pay_merchant *, int64_t after, struct pay_order *);
/* The applicant came back from paying: the service is asked at once. Not in a
 * transaction. */
void pay_ask_now(struct db *, int64_t application);

/* book.c */
enum pay_news_kind {
	PAY_NEWS_PAID, /* also when a refund has begun: it was paid */
	PAY_NEWS_NOT_PAID, /* not final */
	PAY_NEWS_CLOSED, /* also when the service knows no such order */
};

/* The service's answer about one order. Texts may be ""; they are compared, so
 * they come as they were sent. */
struct pay_news {
	enum pay_news_kind kind;
	const char *out_trade_no, *transaction_id, *appid, *mchid, *currency;
	const char *paid_at; /* RFC 3339 */
	int64_t total_fen;
};

enum pay_booked {
	PAY_BOOKED_FEE, /* the application moved on, or its end became a refund */
	PAY_BOOKED_EXCESS, /* more than was owed: a refund is requested */
	PAY_BOOKED_ODD, /* wrong amount, currency or merchant: an operator looks; in
			 * yuan of ours a refund is requested */
	PAY_BOOKED_CLOSED,
	PAY_BOOKED_BEFORE, /* was known */
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
	PAY_REFUND_BEFORE, /* was known, or not final */
	PAY_REFUND_UNKNOWN, /* no such refund of ours, or another amount: an operator looks */
	PAY_REFUND_BOOKED_COUNT,
};
extern const char *const pay_refund_booked_names[PAY_REFUND_BOOKED_COUNT];

/* Requests the refund of every payment of an application that has ended; staff:
 * the person who ended it, 0 if none. Gives how many were requested now. In a
 * transaction of its own. */
int pay_refund_all(struct db *, int64_t application, int64_t staff);
/* Enters the service's answer about a refund, with its `refund_id` and amount. In
 * one transaction of its own; the last refund of an ended application moves
 * that on. Account: DB_CRON. */
enum pay_refund_booked pay_refund_book(struct db *, const char *out_refund_no, enum pay_refund_news,
				       const char *refund_id, int64_t refund_fen);
/* The service has taken the refund over. In a transaction of its own. */
void pay_refund_sent(struct db *, int64_t refund);
/* Moves every application on whose money is back by now. Gives how many. `at`, or
 * NULL, is told each application before, and 0 behind it. */
int pay_refund_upkeep(struct db *, void (*at)(int64_t application));

/* Under these names rows that ended a worker are put off (fault/fault.h). */
#define PAY_FAULT_ORDER "poll.order"
#define PAY_FAULT_REFUND "poll.refund"
#define PAY_FAULT_MOVED "poll.moved"

/* due.c: orders and refunds that the service is to be asked about. Claiming moves the time of the
 * next question, so that several workers on several machines share the work and
 * one that dies loses nothing. Each in a transaction of its own. */
struct pay_question {
	struct pay_order order;
	bool close; /* it may not be paid any more: close it when it is not paid */
};
bool pay_next_order(struct db *, struct pay_question *) MUST_USE;
struct pay_refund {
	int64_t id, application, amount_fen, paid_fen;
	char out_refund_no[PAY_NUMBER_MAX + 1], out_trade_no[PAY_TRADE_NO_MAX + 1];
	char transaction_id[PAY_NUMBER_MAX + 1];
	char state[16], cause[16];
};
bool pay_next_refund(struct db *, struct pay_refund *) MUST_USE;
/* The service is asked about this order, or this refund, as soon as a worker is
 * free, also when it is closed, or abnormal, in the ledger. False when none of
 * ours has that number or its state leaves nothing to learn. */
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
