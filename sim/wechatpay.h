/* wechatpay.h: what the sides of the sim's WeChat Pay share.
 *
 * Its memory is the folder "wechatpay" in the sim's folder: a file for each
 * order (with its refunds and notifications), read and replaced under one lock, and
 * small files that lead from a ticket or a refund to the order. Keys are made by
 * ./dev: the public half of the merchant's, and two pairs of the platform, one
 * for each mode.
 *
 * For tests, all GET, text or JSON:
 *     /faults?on=INTERFACE&what=WORD&times=N   see wechatpay-faults.c
 *     /mode?certificates=on|off                 platform-certificate mode
 *     /state                                    all orders, money in fen
 *     /resend?out_trade_no=X[&event=E]          its notifications once more
 *     /age?out_trade_no=X&days=N                it happened N days earlier */
#ifndef SIM_WECHATPAY_H
#define SIM_WECHATPAY_H

#include <jansson.h>
#include <time.h>

#include "base/config.h"
#include "page/reply.h"
#include "page/request.h"
#include "service/wechatpay-crypto.h"

#define PAY_PATH "/sim/wechatpay"
#define H5_SECONDS 300
#define TICKET_SECONDS 7200

/* The flaw of the answer to a call, or of a notification. */
enum flaw {
	FLAW_NONE,
	FLAW_UNSIGNED,
	FLAW_FORGED,
	FLAW_PROBE,
	FLAW_STALE,
	FLAW_STRANGER, /* an unknown serial number */
	FLAW_LOST, /* done, and the answer never arrives */
};

struct pay {
	const struct config *config;
	struct request *request;
	struct reply reply;
	int lock; /* -1: not held */
	enum flaw flaw;
	bool is_behind; /* says that an order is not paid yet */
	bool is_unsigned; /* the bill itself */
};

/* wechatpay.c: answers */
/* Takes the JSON over. */
void pay_json(struct pay *, int status, json_t *);
/* WeChat's code, with the status and words that go with it. */
void pay_error(struct pay *, const char *code);
/* The JSON that was sent, the caller's to release; NULL after an error. */
json_t *pay_asked(struct pay *);
const char *pay_text(const json_t *, const char *key); /* "" if none */
void random_digits(char *out, size_t n); /* and a NUL */

/* wechatpay-sign.c */
/* Empty, or the error of the Authorization header. */
const char *pay_check_signature(const struct pay *);
/* Signs a body as WeChat does, or as the flaw wants it. */
struct pay_signature {
	char timestamp[24], nonce[33], serial[WECHATPAY_SERIAL_MAX + 1];
	struct buffer signature;
};
void pay_sign(const struct pay *, enum flaw, const void *body, size_t n, struct pay_signature *);
/* Whether the merchant signed this text. */
bool pay_signed_by_merchant(const char *base64, const struct buffer *text);
bool pay_has_certificates(void);

/* wechatpay-store.c */
char *pay_file(const char *kind, const char *name); /* path; the caller's to free */
void pay_lock(struct pay *);
void pay_unlock(struct pay *);
/* NULL if there is none; the caller's to release. */
json_t *order_load(const char *out_trade_no);
void order_save(const json_t *);
/* A ticket (prepay id) or a refund's number leads to its order. */
void pointer_save(const char *kind, const char *name, const char *out_trade_no);
json_t *order_by(const char *kind, const char *name);
/* Each order; in the order of their numbers. */
void orders_each(void (*each)(json_t *order, void *context), void *context);
void file_replace(const char *path, const void *bytes, size_t n);

/* wechatpay-order.c */
void pay_jsapi(struct pay *);
void pay_h5(struct pay *);
void pay_native(struct pay *);
void pay_order(struct pay *); /* query and close, by what the path ends in */
bool order_is_paid(const json_t *);
bool order_is_expired(const json_t *);
/* The trade as queries and notifications tell it. */
json_t *order_trade(const struct pay *, const json_t *order);

/* wechatpay-refund.c */
void pay_refund(struct pay *);
void pay_refund_query(struct pay *);
/* Those that were to be done by now are done. */
void refunds_settle(json_t *order);

/* wechatpay-notification.c */
/* Writes the notification into the order; what was promised is sent by
 * notifications_send(), after the lock was given back. */
void notification_add(json_t *order, const char *event, json_t *plain);
/* Sends what is not acknowledged, or with `again` all; `event` NULL: of any
 * kind. In the background after delay_ms, or at once (0) before it returns. */
void notifications_send(struct pay *, const char *out_trade_no, const char *event, bool again,
			long delay_ms);
void pay_resend(struct pay *);

/* wechatpay-bill.c */
void pay_bill(struct pay *);
void pay_bill_file(struct pay *);
void pay_certificates(struct pay *);
void pay_state(struct pay *);
void pay_age(struct pay *);
void pay_mode(struct pay *);

/* wechatpay-cashier.c */
void pay_cashier(struct pay *); /* the page, and what its buttons do */
void pay_bridge(struct pay *); /* what wx-bridge.js asks */

/* wechatpay-faults.c */
void pay_faults(struct pay *);
/* Takes one of the times: the word, or false. */
bool faults_take(const char *on, char word[32]);
/* Before a call; true when a fault has answered in its place. */
bool faults_first(struct pay *, const char *on);

#endif
