/* wechatpay-notification.h: what WeChat Pay says of an order or a refund, as a struct.
 *
 * The same JSON comes sealed in a notification and bare in the answer to a query.
 * The order of a push program: raw body -> wechatpay_verify() ->
 * wechatpay_notification_read() -> store under `id`. Nothing here checks whether the
 * order is ours: appid, mchid, out_trade_no, state and total are compared by
 * the caller that holds the row's lock.
 *
 * Reading is strict. A number is a JSON integer; text is printable ASCII within
 * its limit; a field that must be there is there and not empty; a key that
 * comes twice or text after the JSON refuses the whole. Unknown keys are
 * ignored. Amounts are fen, 0 to WECHATPAY_FEN_MAX. */
#ifndef SERVICE_WECHATPAY_NOTIFICATION_H
#define SERVICE_WECHATPAY_NOTIFICATION_H

#include "service/wechatpay-crypto.h"

/* Characters, without the NUL. */
#define WECHATPAY_APPID_MAX 32
#define WECHATPAY_MCHID_MAX 32
#define WECHATPAY_TRADE_NO_MIN 6
#define WECHATPAY_TRADE_NO_MAX 32 /* out_trade_no, ours */
#define WECHATPAY_TRANSACTION_MAX 32 /* transaction_id, WeChat's */
#define WECHATPAY_REFUND_NO_MAX 64 /* out_refund_no, ours */
#define WECHATPAY_REFUND_ID_MAX 32
#define WECHATPAY_TYPE_MAX 16
#define WECHATPAY_TIME_LEN 25 /* 2026-01-01T08:00:05+08:00 */
#define WECHATPAY_OPENID_MAX 128
#define WECHATPAY_CURRENCY_MAX 16
#define WECHATPAY_NOTIFICATION_ID_MAX 36
#define WECHATPAY_FEN_MAX INT64_C(100000000000) /* a thousand million yuan */

enum wechatpay_trade_state {
	WECHATPAY_TRADE_SUCCESS,
	WECHATPAY_TRADE_REFUND, /* paid, and a refund was started */
	WECHATPAY_TRADE_NOTPAY, /* not final: it may be paid yet until it is closed */
	WECHATPAY_TRADE_CLOSED,
	WECHATPAY_TRADE_USERPAYING,
	WECHATPAY_TRADE_PAYERROR,
	WECHATPAY_TRADE_REVOKED,
	WECHATPAY_TRADE_STATE_COUNT,
};
/* WeChat's words: "SUCCESS" … */
extern const char *const wechatpay_trade_state_names[WECHATPAY_TRADE_STATE_COUNT];

/* Of the optional fields, text is "" and time 0 when not told. */
struct wechatpay_trade {
	char appid[WECHATPAY_APPID_MAX + 1];
	char mchid[WECHATPAY_MCHID_MAX + 1];
	char out_trade_no[WECHATPAY_TRADE_NO_MAX + 1];
	enum wechatpay_trade_state state;
	/* There with SUCCESS and REFUND, optional else (amounts then 0): */
	char transaction_id[WECHATPAY_TRANSACTION_MAX + 1];
	char trade_type[WECHATPAY_TYPE_MAX + 1]; /* JSAPI, MWEB (H5), NATIVE … */
	char success_time[WECHATPAY_TIME_LEN + 1];
	int64_t success_at; /* the same in Unix seconds */
	char currency[WECHATPAY_CURRENCY_MAX + 1]; /* "CNY" is for the caller to check */
	int64_t total_fen; /* of the order */
	int64_t payer_total_fen; /* what the payer paid of it; total_fen when not told */
	char openid[WECHATPAY_OPENID_MAX + 1]; /* optional; personal data */
};

enum wechatpay_refund_status {
	WECHATPAY_REFUND_SUCCESS,
	WECHATPAY_REFUND_PROCESSING, /* accepted; ask again */
	WECHATPAY_REFUND_CLOSED, /* will not be done */
	WECHATPAY_REFUND_ABNORMAL, /* the money cannot go back this way: for a human */
	WECHATPAY_REFUND_STATUS_COUNT,
};
extern const char *const wechatpay_refund_status_names[WECHATPAY_REFUND_STATUS_COUNT];

/* user_received_account is personal data and is not kept. */
struct wechatpay_refund {
	char out_refund_no[WECHATPAY_REFUND_NO_MAX + 1];
	char refund_id[WECHATPAY_REFUND_ID_MAX + 1];
	char out_trade_no[WECHATPAY_TRADE_NO_MAX + 1];
	char transaction_id[WECHATPAY_TRANSACTION_MAX + 1];
	enum wechatpay_refund_status status;
	int64_t refund_fen;
	int64_t total_fen; /* of the order */
	int64_t payer_refund_fen; /* what the payer gets of it; refund_fen when not told */
	char success_time[WECHATPAY_TIME_LEN + 1]; /* optional; always there with SUCCESS */
	int64_t success_at;
	char currency[WECHATPAY_CURRENCY_MAX + 1]; /* optional: a notification has none */
	char mchid[WECHATPAY_MCHID_MAX + 1]; /* optional: only a notification has it */
};

enum wechatpay_read {
	WECHATPAY_READ_OK,
	WECHATPAY_READ_NO_JSON, /* or no object, a key twice, too deep */
	WECHATPAY_READ_MISSING, /* a field */
	WECHATPAY_READ_BAD_TYPE, /* text for a number, 1.0 for an integer … */
	WECHATPAY_READ_TOO_LONG, /* or a number out of range */
	WECHATPAY_READ_BAD_TEXT, /* characters or a form that the field never has */
	WECHATPAY_READ_BAD_VALUE, /* a state, event or algorithm that is not in our table */
	WECHATPAY_READ_BAD_SEAL, /* the resource does not open with our key */
	WECHATPAY_READ_COUNT,
};
/* For logs: "ok", "no_json" … */
extern const char *const wechatpay_read_names[WECHATPAY_READ_COUNT];

enum wechatpay_event {
	WECHATPAY_EVENT_PAID, /* TRANSACTION.SUCCESS: trade */
	WECHATPAY_EVENT_REFUND_SUCCESS, /* REFUND.*: refund, with the status that it says */
	WECHATPAY_EVENT_REFUND_ABNORMAL,
	WECHATPAY_EVENT_REFUND_CLOSED,
	WECHATPAY_EVENT_COUNT,
};
/* "TRANSACTION.SUCCESS" … */
extern const char *const wechatpay_event_names[WECHATPAY_EVENT_COUNT];

struct wechatpay_notification {
	char id[WECHATPAY_NOTIFICATION_ID_MAX + 1]; /* one of a kind: a repeat has the same */
	enum wechatpay_event event;
	struct wechatpay_trade trade; /* with EVENT_PAID; else zeros */
	struct wechatpay_refund refund; /* with the others; else zeros */
};

/* Reads n bytes that were verified and opens the resource. Unless the result is
 * OK the struct holds at most the id ("" if not even that was good). A refund
 * event whose status says otherwise, or a paid event whose state is not
 * SUCCESS, is BAD_VALUE. */
enum wechatpay_read wechatpay_notification_read(const char *body, size_t n,
						const uint8_t key[WECHATPAY_APIV3_KEY_SIZE],
						struct wechatpay_notification *) MUST_USE;

/* The same structs from an answer's JSON; all zeros unless OK. */
enum wechatpay_read wechatpay_trade_read(const char *json, size_t n,
					 struct wechatpay_trade *) MUST_USE;
enum wechatpay_read wechatpay_refund_read(const char *json, size_t n,
					  struct wechatpay_refund *) MUST_USE;

/* Whether text is 2026-01-01T08:00:05+08:00 and a time that exists; into *at. */
bool wechatpay_time_read(const char *text, int64_t *at) MUST_USE;
/* The other way, always +08:00; for time_expire. */
void wechatpay_time_write(int64_t at, char out[WECHATPAY_TIME_LEN + 1]);
/* Whether text may be an out_trade_no (6 to 32 of digits, letters, _ - | *) or
 * an out_refund_no (1 to 64, @ as well). */
bool wechatpay_trade_no_good(const char *text) MUST_USE;
bool wechatpay_refund_no_good(const char *text) MUST_USE;

#endif
