/* wechatpay.h: the calls of WeChat Pay, API v3, as a direct merchant.
 *
 * Each call is signed, sent once, and its answer verified over the raw bytes
 * before anything in it counts. What comes back:
 *     SERVICE_OK           done, or (NO_STATEMENT) nothing there to give
 *     SERVICE_UNKNOWN      no answer in time, a broken or an unverifiable one, a
 *                          5xx: it may have been done. Every call may be repeated
 *                          with the same arguments and the same numbers; an order
 *                          or refund is asked for first
 *     SERVICE_RETRY_LATER  nothing was done: no connection, or too often
 *     SERVICE_PERMANENT    refused; the reason may be a fact about the order
 *     SERVICE_ALARM        key, serial, right or setting of ours is wrong
 * An answer that is a probe (SIGNTEST) makes the call go out once more.
 * An error answer that is not signed says nothing, but for 401: WeChat does not
 * sign for a stranger, and that is an ALARM.
 *
 * The report's detail has code, status and Request-ID, never a name, openid or
 * address; its reference is WeChat's number where there is one. Whoever calls
 * within a transaction holds its locks for up to 10 s: don't. */
#ifndef SERVICE_WECHATPAY_H
#define SERVICE_WECHATPAY_H

#include "service/result.h"
#include "service/wechatpay-notification.h"

#define WECHATPAY_DESCRIPTION_MAX 127 /* characters */
#define WECHATPAY_REASON_MAX 80 /* bytes of a refund's reason */
#define WECHATPAY_PREPAY_ID_MAX 64
#define WECHATPAY_URL_MAX 512 /* h5_url, code_url */
#define WECHATPAY_BILL_MAX (32 * 1024 * 1024)
#define WECHATPAY_NOTIFY_PATH "/push/wechatpay" /* after public_url; orders and refunds */

/* Why a call was not done, as far as the caller acts on it. */
enum wechatpay_reason {
	WECHATPAY_REASON_NONE,
	WECHATPAY_ORDER_NOT_EXIST, /* query, close: never arrived, or not this number */
	WECHATPAY_ORDER_PAID, /* close, prepay: run the success path */
	WECHATPAY_ORDER_CLOSED, /* prepay, close: take a new number */
	WECHATPAY_OUT_TRADE_NO_USED, /* prepay: same number with other parameters */
	WECHATPAY_REFUND_NOT_EXIST, /* refund query */
	WECHATPAY_REFUND_MISMATCH, /* refund: same number with other parameters, or more than
				    * is left, or the order is not paid or too old */
	WECHATPAY_NOT_ENOUGH, /* refund: the merchant's balance does not cover it */
	WECHATPAY_USER_CLOSED, /* refund: the payer's account is gone */
	WECHATPAY_NO_STATEMENT, /* bill: a day without trade; with SERVICE_OK */
	WECHATPAY_BILL_NOT_READY, /* bill: before 10 o'clock of the next day */
	WECHATPAY_BAD_PARAMETER,
	WECHATPAY_CREDENTIAL, /* key, serial, mchid, appid or a right */
	WECHATPAY_TOO_OFTEN,
	WECHATPAY_SYSTEM, /* an error on WeChat's side */
	WECHATPAY_UNVERIFIED, /* the answer is not proved to be WeChat's */
	WECHATPAY_NONSENSE, /* verified, and not what the interface says */
	WECHATPAY_NO_ANSWER,
	WECHATPAY_OTHER, /* a code that is not in our table */
	WECHATPAY_REASON_COUNT,
};
/* "none", "order_not_exist" … */
extern const char *const wechatpay_reason_names[WECHATPAY_REASON_COUNT];

struct wechatpay_report {
	struct service_report service; /* code: the HTTP status */
	enum wechatpay_reason reason;
	enum wechatpay_verdict verdict; /* of the last answer */
	char request_id[64]; /* "" if none */
};

struct wechatpay_merchant;

/* Whether the config says anything of WeChat Pay. */
bool wechatpay_configured(const struct config *);
/* Keys and ids of the config, which must outlive it; NULL: `why` has the first
 * thing that is wrong. */
struct wechatpay_merchant *wechatpay_open(const struct config *, struct buffer *why) MUST_USE;
void wechatpay_close(struct wechatpay_merchant *);

/* -- an order -- */

enum wechatpay_kind {
	WECHATPAY_JSAPI, /* inside WeChat: openid; gives prepay_id, good for 2 h */
	WECHATPAY_H5, /* another browser of a phone: client_ip, h5_type; h5_url, 5 min */
	WECHATPAY_NATIVE, /* a code to scan; code_url, 2 h */
	WECHATPAY_KIND_COUNT,
};
/* "jsapi", "h5", "native": also the last part of the path. */
extern const char *const wechatpay_kind_names[WECHATPAY_KIND_COUNT];

struct wechatpay_order {
	enum wechatpay_kind kind;
	const char *out_trade_no;
	const char *description; /* cut to WECHATPAY_DESCRIPTION_MAX */
	int64_t total_fen; /* at least 1 */
	const char *time_expire; /* as wechatpay_time_write() makes it; NULL: none. The
				  * same each time: it is one of the parameters */
	const char *openid; /* JSAPI */
	const char *client_ip, *h5_type; /* H5; type: Wap, iOS or Android */
};

/* Puts prepay_id, h5_url or code_url into `ticket` (only with OK). The same
 * order again is safe and gives a fresh one. */
enum service_result wechatpay_prepay(const struct wechatpay_merchant *,
				     const struct wechatpay_order *, struct buffer *ticket,
				     struct wechatpay_report *) MUST_USE;

/* What WeixinJSBridge.invoke('getBrandWCPayRequest', …) wants. */
struct wechatpay_page {
	char app_id[WECHATPAY_APPID_MAX + 1]; /* appId */
	char time_stamp[24]; /* timeStamp */
	char nonce_str[WECHATPAY_NONCE_MAX + 1]; /* nonceStr */
	char package[WECHATPAY_PREPAY_ID_MAX + 16]; /* prepay_id=… */
	char sign_type[4]; /* signType: RSA */
	char pay_sign[WECHATPAY_SIGNATURE_MAX + 1]; /* paySign */
};
/* No call: signed here, good for five minutes, so make it as late as possible.
 * False when it is no prepay_id. */
bool wechatpay_page_make(const struct wechatpay_merchant *, const char *prepay_id,
			 struct wechatpay_page *) MUST_USE;

/* What became of an order; fills the trade only with OK, and only if appid,
 * mchid and number are ours. */
enum service_result wechatpay_query(const struct wechatpay_merchant *, const char *out_trade_no,
				    struct wechatpay_trade *, struct wechatpay_report *) MUST_USE;
/* Ends an order that is not paid. Keep 5 minutes between making and closing. */
enum service_result wechatpay_close_order(const struct wechatpay_merchant *,
					  const char *out_trade_no,
					  struct wechatpay_report *) MUST_USE;

/* -- a refund -- */

struct wechatpay_refund_order {
	const char *out_trade_no, *out_refund_no;
	const char *reason; /* the payer reads it; cut to WECHATPAY_REASON_MAX; NULL: none */
	int64_t refund_fen, total_fen; /* total of the order */
};
/* With OK it was accepted, which is not yet done: see status. After UNKNOWN
 * send the same again, never a new number. */
enum service_result wechatpay_refund(const struct wechatpay_merchant *,
				     const struct wechatpay_refund_order *,
				     struct wechatpay_refund *, struct wechatpay_report *) MUST_USE;
enum service_result wechatpay_refund_query(const struct wechatpay_merchant *,
					   const char *out_refund_no, struct wechatpay_refund *,
					   struct wechatpay_report *) MUST_USE;

/* -- bill and certificates -- */

/* The trade bill (ALL) of a day, "2026-01-31", for wechatpay-bill.h: asked for,
 * fetched at once and checked against its SHA-1. A day without trade is OK with
 * the reason NO_STATEMENT and an empty csv. */
enum service_result wechatpay_bill(const struct wechatpay_merchant *, const char *day,
				   struct buffer *csv, struct wechatpay_report *) MUST_USE;

struct wechatpay_certificate {
	struct wechatpay_validity validity;
	char *pem;
};
struct wechatpay_certificates {
	struct wechatpay_certificate certificate[WECHATPAY_KEYS_MAX];
	size_t count;
};
/* The platform certificates, opened with the APIv3 key; the answer is verified
 * with the certificates that it brings, as the first can only be, or with a key
 * that is there. To be stored
 * as SERIAL.pem in wechatpay_certificate_dir. An empty struct unless OK. */
enum service_result wechatpay_fetch_certificates(const struct wechatpay_merchant *,
						 struct wechatpay_certificates *,
						 struct wechatpay_report *) MUST_USE;
void wechatpay_certificates_release(struct wechatpay_certificates *);

#endif
