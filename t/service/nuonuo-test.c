/* nuonuo-test.c: the signature, the tax to the fen, what goes out and comes in. */
#include "service/nuonuo.h"

#include <setjmp.h>
#include <cmocka.h>

#include "service/invoice-tax.h"

#define SMALL_FEN 20000

static void test_signature(void **state UNUSED)
{
	static const struct nuonuo_stamp stamp = { "0123456789abcdef0123456789abcdef", "12345678",
						   1767225600 };
	struct buffer out = BUFFER_INIT;

	nuonuo_sign("testAppKey", "testAppSecret", &stamp,
		    "{\"order\":{\"buyerName\":\"测试公司\",\"orderNo\":\"CA20260101000001\"}}",
		    &out);
	assert_string_equal(out.data, "jZRMFmdUWYNJCs7wiNy4IAaSuAk=");
	buffer_release(&out);
}

/* Another way to the same: of all whole numbers the one nearest to the
 * fraction total * r / (100 + r), and of two as near the greater one. */
static int64_t nearest(int64_t total, int percent)
{
	int64_t best = 0, distance = total * percent;

	for (int64_t tax = 1; tax <= total * percent / (100 + percent) + 1; tax++) {
		int64_t away = llabs(tax * (100 + percent) - total * percent);

		if (away <= distance) {
			distance = away;
			best = tax;
		}
	}
	return best;
}

static void test_split(void **state UNUSED)
{
	struct invoice_amount amount = invoice_split(20000, 6);

	assert_int_equal(amount.tax_fen, 1132);
	assert_int_equal(amount.net_fen, 18868);
	for (int percent = 0; percent <= INVOICE_PERCENT_MAX; percent++)
		for (int64_t total = 0; total <= SMALL_FEN; total++) {
			amount = invoice_split(total, percent);
			if (total <= 1500 || total % 997 == 0)
				assert_int_equal(amount.tax_fen, nearest(total, percent));
			/* |tax - exact| <= 1/2, with the half only upwards */
			int64_t twice = 2 * (amount.tax_fen * (100 + percent) - total * percent);

			assert_true(twice > -(100 + percent) && twice <= 100 + percent);
			assert_int_equal(amount.net_fen + amount.tax_fen, total);
			assert_int_equal(amount.total_fen, total);
		}
	amount = invoice_split(INVOICE_TOTAL_MAX_FEN, INVOICE_PERCENT_MAX);
	assert_int_equal(amount.tax_fen, 1452991453);
}

static void test_sum(void **state UNUSED)
{
	struct invoice_amount sum = { 0 };

	for (int64_t fen = 1; fen <= 999; fen++) {
		struct invoice_amount one = invoice_split(fen, 6);

		invoice_sum(&sum, &one);
	}
	assert_int_equal(sum.total_fen, 499500);
	assert_int_equal(sum.net_fen + sum.tax_fen, sum.total_fen);
}

static void test_yuan(void **state UNUSED)
{
	static const char *const bad[] = { "",    ".",   "1.",    ".5",  "1.234",
					   "1,0", " 1",  "1 ",    "+1",  "--1",
					   "1e3", "0x1", "1.2.3", "NaN", "1234567890123" };
	static const struct {
		const char *text;
		int64_t fen;
	} good[] = { { "188.68", 18868 }, { "188.6", 18860 }, { "188", 18800 },
		     { "-0.05", -5 },     { "0.050", 5 },     { "188.6800", 18868 } };
	struct buffer out = BUFFER_INIT;
	int64_t fen;

	for (int64_t i = -2500; i <= 2500; i++) {
		char text[16];

		snprintf(text, sizeof(text), "%.2f", (double)i / 100);
		buffer_reset(&out);
		invoice_yuan(&out, i);
		assert_string_equal(out.data, i ? text : "0.00");
		assert_true(invoice_fen(out.data, &fen));
		assert_int_equal(fen, i);
	}
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_true(invoice_fen(good[i].text, &fen));
		assert_int_equal(fen, good[i].fen);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (invoice_fen(bad[i], &fen))
			fail_msg("let through: %s", bad[i]);
	buffer_release(&out);
}

static const struct nuonuo_seller seller = { "91360700MA35DXMA0Y", "数字证书服务费",
					     "3040299000000000000", "开票员", 6 };
static const struct invoice_line lines[] = { { NULL, 20000, 1 }, { "智能密码钥匙", 10000, 3 } };

static struct invoice_order good_order(void)
{
	return (struct invoice_order){
		.order_no = "CA20260101000001",
		.buyer = { .name = "测试公司",
			   .tax_number = "91110105MA00000007",
			   .email = "a@example.cn" },
		.line = lines,
		.line_count = ARRAY_SIZE(lines),
		.ordered_at = 1767225599, /* 2026-01-01 07:59:59 in Beijing */
	};
}

static void test_order(void **state UNUSED)
{
	static const char expected[] =
		"{\"order\":{\"buyerName\":\"测试公司\",\"buyerTaxNum\":\"91110105MA00000007\","
		"\"pushMode\":\"0\",\"email\":\"a@example.cn\","
		"\"salerTaxNum\":\"91360700MA35DXMA0Y\",\"orderNo\":\"CA20260101000001\","
		"\"invoiceDate\":\"2026-01-01 07:59:59\",\"invoiceType\":\"1\","
		"\"invoiceLine\":\"pc\",\"clerk\":\"开票员\",\"invoiceDetail\":["
		"{\"goodsName\":\"数字证书服务费\",\"goodsCode\":\"3040299000000000000\","
		"\"withTaxFlag\":\"1\",\"num\":\"1\",\"price\":\"200.00\",\"taxRate\":\"0.06\","
		"\"tax\":\"11.32\",\"taxExcludedAmount\":\"188.68\","
		"\"taxIncludedAmount\":\"200.00\",\"invoiceLineProperty\":\"0\","
		"\"favouredPolicyFlag\":\"0\"},"
		"{\"goodsName\":\"智能密码钥匙\",\"goodsCode\":\"3040299000000000000\","
		"\"withTaxFlag\":\"1\",\"taxRate\":\"0.06\","
		"\"tax\":\"5.66\",\"taxExcludedAmount\":\"94.34\","
		"\"taxIncludedAmount\":\"100.00\",\"invoiceLineProperty\":\"0\","
		"\"favouredPolicyFlag\":\"0\"}]}}";
	struct invoice_order order = good_order();
	json_t *body;
	char *text;

	assert_null(nuonuo_order_fault(&seller, &order));
	body = nuonuo_order(&seller, &order);
	text = json_dumps(body, JSON_COMPACT);
	assert_string_equal(text, expected);
	free(text);
	json_decref(body);
}

static void expect_fault(const struct invoice_order *order, const char *field)
{
	const char *fault = nuonuo_order_fault(&seller, order);

	if (!fault || strcmp(fault, field) != 0)
		fail_msg("%s, not %s", fault ? fault : "good", field);
}

static void test_faults(void **state UNUSED)
{
	static const struct invoice_line nothing = { NULL, 0, 1 }, much = { NULL, 10000000001, 1 },
					 none = { NULL, 1, 0 };
	struct nuonuo_seller other = seller;
	struct invoice_order o;

#define EXPECT(change, field) (o = good_order(), change, expect_fault(&o, field))
	EXPECT(o.order_no = "", "order_no");
	EXPECT(o.order_no = "123456789012345678901", "order_no");
	EXPECT(o.order_no = "a-b", "order_no");
	EXPECT(o.buyer.name = NULL, "buyer.name");
	EXPECT(o.buyer.name = "a\nb", "buyer.name");
	EXPECT(o.buyer.tax_number = "91110105ma00000007", "buyer.tax_number");
	EXPECT(o.buyer.tax_number = "9111", "buyer.tax_number");
	EXPECT((o.kind = INVOICE_SPECIAL, o.buyer.tax_number = NULL), "buyer.tax_number");
	EXPECT(o.line = &nothing, "line.total_fen");
	EXPECT(o.line = &much, "line.total_fen");
	EXPECT((o.line = &none, o.line_count = 1), "line.quantity");
	EXPECT(o.line_count = 0, "line_count");
	EXPECT(o.line_count = INVOICE_LINES_MAX + 1, "line_count");
	EXPECT(o.remark = "\x01", "remark");
	EXPECT(o.buyer.mobile = "1380000000x", "buyer.mobile");
#undef EXPECT
	o = good_order();
	o.buyer.tax_number = NULL; /* a person */
	assert_null(nuonuo_order_fault(&seller, &o));
	other.goods_code = "304029900000000000";
	assert_string_equal(nuonuo_order_fault(&other, &o), "invoice_goods_code");
}

static const struct {
	const char *json;
	enum service_result result;
	enum nuonuo_meaning meaning;
	const char *detail;
} answers[] = {
	{ "{\"code\":\"E0000\",\"describe\":\"ok\",\"result\":{}}", SERVICE_OK, NUONUO_DONE, "" },
	{ "{\"code\":\"E0000\"}", SERVICE_UNKNOWN, NUONUO_OTHER, "nonsense: no result" },
	{ "{\"code\":\"E9106\",\"describe\":\"张三\"}", SERVICE_PERMANENT, NUONUO_DUPLICATE,
	  "code=E9106" },
	{ "{\"code\":\"E9500\"}", SERVICE_PERMANENT, NUONUO_ABSENT, "code=E9500" },
	{ "{\"code\":\"E9105\"}", SERVICE_PERMANENT, NUONUO_OTHER, "code=E9105" },
	{ "{\"code\":\"070301\"}", SERVICE_ALARM, NUONUO_STALE, "code=070301" },
	{ "{\"code\":\"070306\"}", SERVICE_ALARM, NUONUO_OTHER, "code=070306" },
	{ "{\"code\":\"070101\"}", SERVICE_ALARM, NUONUO_OTHER, "code=070101" },
	{ "{\"code\":\"Z1\"}", SERVICE_ALARM, NUONUO_OTHER, "code=Z1" },
	{ "{\"code\":0}", SERVICE_UNKNOWN, NUONUO_OTHER, "nonsense: no code" },
	{ "<html>", SERVICE_UNKNOWN, NUONUO_OTHER, "nonsense: no code" },
};

static void test_answers(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		struct nuonuo_answer answer;
		struct service_report report;

		if (nuonuo_read(answers[i].json, strlen(answers[i].json), &answer, &report) !=
			    answers[i].result ||
		    answer.meaning != answers[i].meaning)
			fail_msg("answer %zu", i);
		assert_string_equal(report.detail, answers[i].detail);
		json_decref(answer.result);
	}
}

#define ROW(fields) "[{\"orderNo\":\"A1\",\"serialNo\":\"22072015\"," fields "}]"
#define ISSUED                                                                      \
	"\"status\":\"2\",\"allElectronicInvoiceNumber\":\"24362000000000000001\"," \
	"\"pdfUrl\":\"https://a.cn/1.pdf\",\"exTaxAmount\":\"188.68\",\"taxAmount\":\"11.32\","

static const struct {
	const char *json;
	enum service_result result;
	enum invoice_state state;
} statuses[] = {
	{ ROW(ISSUED "\"invoiceTime\":1767225600000"), SERVICE_OK, INVOICE_ISSUED },
	{ ROW(ISSUED "\"invoiceTime\":\"1767225600000\""), SERVICE_OK, INVOICE_ISSUED },
	{ ROW(ISSUED "\"invoiceTime\":null"), SERVICE_UNKNOWN, INVOICE_ISSUED },
	{ ROW("\"status\":\"2\",\"allElectronicInvoiceNumber\":\"2436200000000000000\","
	      "\"pdfUrl\":\"https://a.cn/1\",\"invoiceTime\":1"),
	  SERVICE_UNKNOWN, INVOICE_ISSUED },
	{ ROW("\"status\":\"20\""), SERVICE_OK, INVOICE_PENDING },
	{ ROW("\"status\":\"21\",\"allElectronicInvoiceNumber\":\"24362000000000000001\""),
	  SERVICE_OK, INVOICE_PENDING },
	{ ROW("\"status\":\"22\",\"failCause\":\"税号不正确\""), SERVICE_OK, INVOICE_FAILED },
	{ ROW("\"status\":\"24\",\"failCause\":\"签章失败\""), SERVICE_OK, INVOICE_AGAIN },
	{ ROW("\"status\":\"3\""), SERVICE_OK, INVOICE_VOID },
	{ ROW("\"status\":\"31\""), SERVICE_OK, INVOICE_VOIDING },
	{ ROW("\"status\":\"99\""), SERVICE_UNKNOWN, INVOICE_ABSENT },
	{ ROW("\"status\":2"), SERVICE_UNKNOWN, INVOICE_ABSENT },
	{ "[]", SERVICE_OK, INVOICE_ABSENT },
	{ "[{\"orderNo\":\"B2\",\"serialNo\":\"1\",\"status\":\"2\"}]", SERVICE_UNKNOWN,
	  INVOICE_ABSENT },
	{ "{}", SERVICE_UNKNOWN, INVOICE_ABSENT },
};

static void test_statuses(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(statuses); i++) {
		json_t *result = json_loads(statuses[i].json, 0, NULL);
		struct service_report report = { 0 };
		struct invoice_status status;

		assert_non_null(result);
		if (nuonuo_read_status(result, "A1", &status, &report) != statuses[i].result ||
		    status.state != statuses[i].state)
			fail_msg("status %zu: %s", i, report.detail);
		if (status.state == INVOICE_ISSUED && statuses[i].result == SERVICE_OK) {
			assert_int_equal(status.total_fen, 20000);
			assert_int_equal(status.tax_fen, 1132);
			assert_int_equal(status.issued_at, 1767225600);
			assert_string_equal(status.number, "24362000000000000001");
		}
		json_decref(result);
	}
}

static void test_token(void **state UNUSED)
{
	static const struct {
		const char *json;
		enum service_result result;
		int64_t life_s;
	} tokens[] = {
		{ "{\"access_token\":\"t\",\"expires_in\":86400}", SERVICE_OK, 86400 },
		{ "{\"access_token\":\"t\",\"expires_in\":\"86400\"}", SERVICE_OK, 86400 },
		{ "{\"access_token\":\"t\"}", SERVICE_OK, 0 },
		{ "{\"error\":\"070306\",\"error_description\":\"x\"}", SERVICE_ALARM, -1 },
		{ "{\"expires_in\":86400}", SERVICE_UNKNOWN, -1 },
		{ "busy", SERVICE_UNKNOWN, -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(tokens); i++) {
		struct buffer token = BUFFER_INIT;
		struct service_report report;
		int64_t life_s = -1;

		assert_int_equal(nuonuo_read_token(tokens[i].json, strlen(tokens[i].json), &token,
						   &life_s, &report),
				 tokens[i].result);
		assert_int_equal(life_s, tokens[i].life_s);
		buffer_release(&token);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signature), cmocka_unit_test(test_split),
		cmocka_unit_test(test_sum),       cmocka_unit_test(test_yuan),
		cmocka_unit_test(test_order),     cmocka_unit_test(test_faults),
		cmocka_unit_test(test_answers),   cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_token),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
