/* wechatpay-bill.h: the trade bill of a day (bill_type ALL), read from its CSV.
 *
 * UTF-8 with or without a BOM; lines end in CRLF or LF. A line of headings, a
 * line for each payment and each refund, a line of headings of the summary, and
 * the summary. Each field of rows and summary has a grave accent in front, so a
 * row is cut at ",`"; headings have none and are cut at ",". The columns:
 *     交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,
 *     交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,
 *     商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,
 *     手续费,费率,订单金额,申请退款金额,费率备注
 * They are found by their heading, so that a new one does no harm. The summary:
 *     总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,
 *     订单总金额,申请退款总金额
 * Amounts are yuan with up to two decimals (fees up to five, which are kept in
 * thousandths of a fen) and become integers without any floating point. A
 * refund stands on the day it was begun, and its row is not changed later. */
#ifndef SERVICE_WECHATPAY_BILL_H
#define SERVICE_WECHATPAY_BILL_H

#include "service/wechatpay-notification.h"

#define WECHATPAY_BILL_TIME_LEN 19 /* 2026-01-01 08:00:05, Beijing time */
#define WECHATPAY_BILL_LINE_MAX 4096 /* bytes */
#define WECHATPAY_BILL_COLUMNS_MAX 64
#define WECHATPAY_BILL_ROWS_MAX 200000

enum wechatpay_bill_result {
	WECHATPAY_BILL_OK,
	WECHATPAY_BILL_EMPTY, /* no bytes: no heading either */
	WECHATPAY_BILL_BAD_TEXT, /* not UTF-8, or a NUL */
	WECHATPAY_BILL_LINE_TOO_LONG,
	WECHATPAY_BILL_NO_COLUMN, /* a heading that we need is missing or there twice */
	WECHATPAY_BILL_BAD_ROW, /* no grave accent, or another number of fields */
	WECHATPAY_BILL_BAD_FIELD, /* too long, or characters it never has */
	WECHATPAY_BILL_BAD_AMOUNT,
	WECHATPAY_BILL_BAD_STATE, /* neither SUCCESS nor REFUND nor REVOKED */
	WECHATPAY_BILL_NO_SUMMARY, /* cut off */
	WECHATPAY_BILL_WRONG_SUMMARY, /* its figures are not those of the rows */
	WECHATPAY_BILL_TOO_MANY, /* rows */
	WECHATPAY_BILL_TRAILER, /* something after the summary */
	WECHATPAY_BILL_RESULT_COUNT,
};
/* For logs: "ok", "no_column" … */
extern const char *const wechatpay_bill_result_names[WECHATPAY_BILL_RESULT_COUNT];

enum wechatpay_bill_state {
	WECHATPAY_BILL_PAID, /* SUCCESS: a payment */
	WECHATPAY_BILL_REFUND, /* REFUND: a refund; the payment has its own row */
	WECHATPAY_BILL_REVOKED,
	WECHATPAY_BILL_STATE_COUNT,
};

/* The payer's id is personal data and is not kept. */
struct wechatpay_bill_row {
	size_t line; /* in the file, from 1 */
	char time[WECHATPAY_BILL_TIME_LEN + 1];
	char mchid[WECHATPAY_MCHID_MAX + 1];
	char transaction_id[WECHATPAY_TRANSACTION_MAX + 1];
	char out_trade_no[WECHATPAY_TRADE_NO_MAX + 1];
	char trade_type[WECHATPAY_TYPE_MAX + 1];
	char currency[WECHATPAY_CURRENCY_MAX + 1];
	enum wechatpay_bill_state state;
	int64_t total_fen; /* 订单金额: of the order, in a refund's row 0 */
	int64_t settled_fen; /* 应结订单金额 */
	/* A payment's row has "" or "0" and 0 here. */
	char refund_id[WECHATPAY_REFUND_ID_MAX + 1];
	char out_refund_no[WECHATPAY_REFUND_NO_MAX + 1];
	int64_t refund_fen; /* 申请退款金额: what was asked for */
	int64_t settled_refund_fen; /* 退款金额 */
	char refund_status[WECHATPAY_TYPE_MAX + 1]; /* as on that day: SUCCESS, PROCESSING … */
	int64_t fee_millifen; /* 手续费; negative where it is given back */
	int64_t fee_fen; /* the same, rounded half away from zero */
};

struct wechatpay_bill {
	struct wechatpay_bill_row *row;
	size_t count;
	/* The summary, which is that of the rows. */
	int64_t total_fen, settled_fen, refund_fen, settled_refund_fen, fee_millifen;
	size_t line; /* where reading ended, for the log */
};

/* Reads a whole bill; unless OK there are no rows, and `line` is the place.
 * Release it in any case. */
enum wechatpay_bill_result wechatpay_bill_read(const char *csv, size_t n,
					       struct wechatpay_bill *) MUST_USE;
void wechatpay_bill_release(struct wechatpay_bill *);
/* "12.30" -> 1230; false unless yuan with up to two decimals. */
bool wechatpay_yuan_read(const char *text, int64_t *fen) MUST_USE;

#endif
