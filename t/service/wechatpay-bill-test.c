/* wechatpay-bill-test.c: good bills, and bills that must be refused. */
#include "service/wechatpay-bill.h"

#include <setjmp.h>
#include <cmocka.h>

#include "base/alloc.h"

#define HEADINGS                                                                                                                     \
	"交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型," \
	"交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,"           \
	"退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,"                \
	"订单金额,申请退款金额,费率备注\r\n"
#define PAID                                                                          \
	"`2026-01-01 08:00:05,`wx8888888888888888,`1900000001,`0,`,`4200000001,"      \
	"`CA20260101000001,`oUpF8u,`JSAPI,`SUCCESS,`OTHERS,`CNY,`200.00,`0.00,`0,`0," \
	"`0.00,`0.00,`,`,`证书, \"甲\"申请费,`,`1.20000,`0.60%,`200.00,`0.00,`\r\n"
#define REFUNDED                                                                       \
	"`2026-01-01 09:00:00,`wx8888888888888888,`1900000001,`0,`,`4200000001,"       \
	"`CA20260101000001,`oUpF8u,`JSAPI,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`50000001," \
	"`R20260101,`50.07,`0.00,`ORIGINAL,`SUCCESS,`证书,`,`-0.30042,`0.60%,`0.00," \
	"`50.07,`\r\n"
#define TOTALS                                                                                                               \
	"总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额," \
	"申请退款总金额\r\n"
#define SUMMARY "`2,`200.00,`50.07,`0.00,`0.89958,`200.00,`50.07\r\n"
#define BILL "\xef\xbb\xbf" HEADINGS PAID REFUNDED TOTALS SUMMARY

static void test_bill(void **state)
{
	struct wechatpay_bill bill;

	(void)state;
	assert_int_equal(wechatpay_bill_read(BILL, strlen(BILL), &bill), WECHATPAY_BILL_OK);
	assert_int_equal(bill.count, 2);
	assert_string_equal(bill.row[0].time, "2026-01-01 08:00:05");
	assert_string_equal(bill.row[0].mchid, "1900000001");
	assert_string_equal(bill.row[0].transaction_id, "4200000001");
	assert_string_equal(bill.row[0].out_trade_no, "CA20260101000001");
	assert_string_equal(bill.row[0].trade_type, "JSAPI");
	assert_string_equal(bill.row[0].currency, "CNY");
	assert_int_equal(bill.row[0].state, WECHATPAY_BILL_PAID);
	assert_int_equal(bill.row[0].total_fen, 20000);
	assert_string_equal(bill.row[0].refund_id, "");
	assert_int_equal(bill.row[0].fee_millifen, 120000);
	assert_int_equal(bill.row[0].fee_fen, 120);
	assert_int_equal(bill.row[1].line, 3);
	assert_int_equal(bill.row[1].state, WECHATPAY_BILL_REFUND);
	assert_string_equal(bill.row[1].refund_id, "50000001");
	assert_string_equal(bill.row[1].out_refund_no, "R20260101");
	assert_int_equal(bill.row[1].refund_fen, 5007);
	assert_string_equal(bill.row[1].refund_status, "SUCCESS");
	assert_int_equal(bill.row[1].fee_fen, -30);
	assert_int_equal(bill.refund_fen, 5007);
	assert_int_equal(bill.fee_millifen, 89958);
	assert_int_equal(bill.line, 5);
	wechatpay_bill_release(&bill);
}

static const struct {
	const char *csv;
	enum wechatpay_bill_result result;
	size_t line, rows;
} whole[] = {
	{ "", WECHATPAY_BILL_EMPTY, 0, 0 },
	{ "\xef\xbb\xbf", WECHATPAY_BILL_EMPTY, 0, 0 },
	{ HEADINGS PAID TOTALS "`1,`200.00,`0.00,`0.00,`1.20000,`200.00,`0.00", WECHATPAY_BILL_OK,
	  4, 1 },
	{ HEADINGS PAID TOTALS "`1,`200.00,`0.00,`0.00,`1.2,`200.00,`0.00\n\r\n\n",
	  WECHATPAY_BILL_OK, 6, 1 },
	{ HEADINGS TOTALS "`0,`0.00,`0,`0,`0,`0,`0.0\n", WECHATPAY_BILL_OK, 3, 0 },
	{ HEADINGS, WECHATPAY_BILL_NO_SUMMARY, 1, 0 },
	{ HEADINGS PAID, WECHATPAY_BILL_NO_SUMMARY, 2, 0 },
	{ HEADINGS PAID TOTALS, WECHATPAY_BILL_NO_SUMMARY, 3, 0 },
	{ HEADINGS PAID "\r\n" TOTALS SUMMARY, WECHATPAY_BILL_NO_SUMMARY, 3, 0 },
	{ HEADINGS PAID REFUNDED TOTALS SUMMARY "x", WECHATPAY_BILL_TRAILER, 6, 0 },
	{ HEADINGS PAID TOTALS SUMMARY, WECHATPAY_BILL_WRONG_SUMMARY, 4, 0 },
	{ HEADINGS PAID HEADINGS SUMMARY, WECHATPAY_BILL_NO_COLUMN, 3, 0 },
	{ PAID TOTALS SUMMARY, WECHATPAY_BILL_NO_COLUMN, 1, 0 },
	{ "\xff", WECHATPAY_BILL_BAD_TEXT, 0, 0 },
	{ "{\"code\":\"SYSTEM_ERROR\"}", WECHATPAY_BILL_NO_COLUMN, 1, 0 },
	/* counting payments alone */
	{ HEADINGS PAID REFUNDED TOTALS "`1,`200.00,`50.07,`0.00,`0.89958,`200.00,`50.07",
	  WECHATPAY_BILL_OK, 5, 2 },
	/* a fee to the fen */
	{ HEADINGS PAID REFUNDED TOTALS "`2,`200.00,`50.07,`0.00,`0.90,`200.00,`50.07",
	  WECHATPAY_BILL_OK, 5, 2 },
	{ HEADINGS PAID REFUNDED TOTALS "`2,`200.00,`50.07,`0.00,`0.91,`200.00,`50.07",
	  WECHATPAY_BILL_WRONG_SUMMARY, 5, 0 },
	{ HEADINGS PAID REFUNDED TOTALS "`2,`200.00,`50.07,`0.00,`0.89957,`200.00,`50.07",
	  WECHATPAY_BILL_WRONG_SUMMARY, 5, 0 },
};

static void test_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++) {
		struct wechatpay_bill bill;
		enum wechatpay_bill_result result =
			wechatpay_bill_read(whole[i].csv, strlen(whole[i].csv), &bill);

		if (result != whole[i].result || bill.line != whole[i].line ||
		    bill.count != whole[i].rows)
			fail_msg("case %zu: %s, line %zu, %zu rows", i,
				 wechatpay_bill_result_names[result], bill.line, bill.count);
		wechatpay_bill_release(&bill);
	}
}

static const struct {
	const char *from, *to;
	enum wechatpay_bill_result result;
	size_t line; /* 0: does not matter */
} changes[] = {
	{ "商户号,", "新栏,商户号,", WECHATPAY_BILL_BAD_ROW, 2 },
	{ "交易时间,", "时间,", WECHATPAY_BILL_NO_COLUMN, 1 },
	{ "设备号,", "商户号,", WECHATPAY_BILL_NO_COLUMN, 1 },
	{ "申请退款总金额", "申请退款", WECHATPAY_BILL_NO_COLUMN, 4 },
	{ "`2026-01-01 08:00:05,", "2026-01-01 08:00:05,", WECHATPAY_BILL_NO_COLUMN, 2 },
	{ "`2026-01-01 08:00:05,", "`2026-01-01T08:00:05,", WECHATPAY_BILL_BAD_FIELD, 2 },
	{ "`2026-01-01 08:00:05,", "`2026-01-01 08:00,", WECHATPAY_BILL_BAD_FIELD, 2 },
	{ "`SUCCESS,`OTHERS", "`SUCCESS,OTHERS", WECHATPAY_BILL_BAD_ROW, 2 },
	{ "`SUCCESS,`OTHERS", "`success,`OTHERS", WECHATPAY_BILL_BAD_STATE, 2 },
	{ "`SUCCESS,`OTHERS", "`,`OTHERS", WECHATPAY_BILL_BAD_STATE, 2 },
	{ "`200.00", "`200.001", WECHATPAY_BILL_BAD_AMOUNT, 2 },
	{ "`200.00", "`-200.00", WECHATPAY_BILL_BAD_AMOUNT, 2 },
	{ "`200.00", "`200.", WECHATPAY_BILL_BAD_AMOUNT, 2 },
	{ "`200.00", "`", WECHATPAY_BILL_BAD_AMOUNT, 2 },
	{ "`200.00", "`2e2", WECHATPAY_BILL_BAD_AMOUNT, 2 },
	{ "`200.00", "`200.00 ", WECHATPAY_BILL_BAD_AMOUNT, 2 },
	{ "`200.00", "`200.01", WECHATPAY_BILL_WRONG_SUMMARY, 5 },
	{ "`200.00", "`1000000000.01", WECHATPAY_BILL_BAD_AMOUNT, 2 },
	{ "`200.00", "`200", WECHATPAY_BILL_OK, 5 },
	{ "`200.00", "`200.0", WECHATPAY_BILL_OK, 5 },
	{ "`1.20000", "`1.200000", WECHATPAY_BILL_BAD_AMOUNT, 2 },
	{ "`1.20000", "`--1.2", WECHATPAY_BILL_BAD_AMOUNT, 2 },
	{ "`50000001", "`0", WECHATPAY_BILL_BAD_FIELD, 3 },
	{ "`R20260101", "`", WECHATPAY_BILL_BAD_FIELD, 3 },
	{ "`4200000001", "`123456789012345678901234567890123", WECHATPAY_BILL_BAD_FIELD, 2 },
	{ "`4200000001", "`", WECHATPAY_BILL_BAD_FIELD, 2 },
	{ "`4200000001", "`单", WECHATPAY_BILL_BAD_FIELD, 2 },
	{ "`2,`200.00", "`3,`200.00", WECHATPAY_BILL_WRONG_SUMMARY, 5 },
	{ "`2,`200.00", "`x,`200.00", WECHATPAY_BILL_BAD_AMOUNT, 5 },
	{ "`2,`200.00", "2,`200.00", WECHATPAY_BILL_BAD_ROW, 5 },
};

static void test_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct wechatpay_bill bill;
		const char *at = strstr(BILL, changes[i].from);
		enum wechatpay_bill_result result;
		char *csv;

		assert_non_null(at);
		csv = xprintf("%.*s%s%s", (int)(at - BILL), BILL, changes[i].to,
			      at + strlen(changes[i].from));
		result = wechatpay_bill_read(csv, strlen(csv), &bill);
		if (result != changes[i].result || bill.line != changes[i].line)
			fail_msg("%s -> %s: %s, line %zu", changes[i].from, changes[i].to,
				 wechatpay_bill_result_names[result], bill.line);
		wechatpay_bill_release(&bill);
		free(csv);
	}
}

/* New columns do no harm, in any place. */
static void test_other_columns(void **state)
{
	static const char csv[] =
		"新栏,申请退款金额,订单金额,手续费,退款状态,退款金额,商户退款单号,微信退款单号,"
		"应结订单金额,货币种类,交易状态,交易类型,商户订单号,微信订单号,商户号,交易时间\n"
		"`x,`0.00,`0.07,`0.00000,`,`0,`,`,`0.07,`CNY,`SUCCESS,`NATIVE,`CA2026,`42,`19,"
		"`2026-01-01 08:00:05\n" TOTALS "`1,`0.07,`0,`0,`0,`0.07,`0";
	struct wechatpay_bill bill;

	(void)state;
	assert_int_equal(wechatpay_bill_read(csv, strlen(csv), &bill), WECHATPAY_BILL_OK);
	assert_int_equal(bill.row[0].total_fen, 7);
	wechatpay_bill_release(&bill);
}

static void test_line_limit(void **state)
{
	char line[WECHATPAY_BILL_LINE_MAX + 3];
	struct wechatpay_bill bill;

	(void)state;
	memset(line, 'x', sizeof(line));
	line[WECHATPAY_BILL_LINE_MAX] = '\n';
	assert_int_equal(wechatpay_bill_read(line, WECHATPAY_BILL_LINE_MAX + 1, &bill),
			 WECHATPAY_BILL_NO_COLUMN);
	line[WECHATPAY_BILL_LINE_MAX] = 'x';
	assert_int_equal(wechatpay_bill_read(line, WECHATPAY_BILL_LINE_MAX + 1, &bill),
			 WECHATPAY_BILL_LINE_TOO_LONG);
	assert_int_equal(bill.line, 1);
}

static const struct {
	const char *text;
	int64_t fen; /* -1: refused */
} yuan[] = {
	{ "0", 0 },
	{ "0.00", 0 },
	{ "0.01", 1 },
	{ "0.1", 10 },
	{ "0.29", 29 },
	{ "1.10", 110 },
	{ "4.35", 435 },
	{ "200", 20000 },
	{ "1000000000.00", INT64_C(100000000000) },
	{ "1000000000.01", -1 },
	{ "99999999999", -1 },
	{ "999999999999", -1 },
	{ "00000000001", 100 },
	{ "000000000001", -1 },
	{ "0.001", -1 },
	{ ".5", -1 },
	{ "5.", -1 },
	{ "", -1 },
	{ "-1", -1 },
	{ "+1", -1 },
	{ " 1", -1 },
	{ "1 ", -1 },
	{ "1,000", -1 },
	{ "0x1", -1 },
	{ "１", -1 },
};

static void test_yuan(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(yuan); i++) {
		int64_t fen = -2;
		bool good = wechatpay_yuan_read(yuan[i].text, &fen);

		if (good != (yuan[i].fen >= 0) || (good && fen != yuan[i].fen))
			fail_msg("%s: %lld", yuan[i].text, (long long)fen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bill),       cmocka_unit_test(test_whole),
		cmocka_unit_test(test_changes),    cmocka_unit_test(test_other_columns),
		cmocka_unit_test(test_line_limit), cmocka_unit_test(test_yuan),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
