/* wechatpay-bill.c: the sim's bills, its certificate, and what it knows. */
#include "wechatpay.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "service/wechatpay-notification.h"
#include "wechat-code.h"

#define DAY_S 86400
#define ZONE_S (8 * 3600)
#define FEE_PER_MILLE 6
#define PEM_MAX 8192

#define HEADINGS                                                                                                                     \
	"交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型," \
	"交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,"           \
	"退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,"                \
	"订单金额,申请退款金额,费率备注\r\n"
#define TOTALS                                                                                                               \
	"总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额," \
	"申请退款总金额\r\n"

struct bill {
	const struct config *config;
	const char *day;
	struct buffer rows;
	long count, paid_fen, refund_fen, fee_fen;
};

static long number(const json_t *json, const char *key)
{
	return (long)json_integer_value(json_object_get(json, key));
}

/* "2026-01-01 08:00:05" in Beijing. */
static void write_time(long at, char out[20])
{
	time_t t = at + ZONE_S;
	struct tm tm;

	gmtime_r(&t, &tm);
	if (!strftime(out, 20, "%Y-%m-%d %H:%M:%S", &tm))
		die("strftime");
}

static bool on_day(const struct bill *bill, long at)
{
	char text[20];

	write_time(at, text);
	return !strncmp(text, bill->day, 10);
}

static long fee_of(long fen)
{
	return (fen * FEE_PER_MILLE + 500) / 1000;
}

/* The fields that a payment and a refund have in common, up to the currency. */
static void begin_row(struct bill *bill, const json_t *order, const char *state, long at)
{
	const json_t *asked = json_object_get(order, "asked");
	const char *openid = pay_text(json_object_get(asked, "payer"), "openid");
	char text[20];

	write_time(at, text);
	buffer_printf(&bill->rows, "`%s,`%s,`%s,`0,`,`%s,`%s,`%s,`%s,`%s,`OTHERS,`CNY,", text,
		      pay_text(asked, "appid"), pay_text(asked, "mchid"),
		      pay_text(order, "transaction_id"), pay_text(order, "out_trade_no"),
		      *openid ? openid : "oSimPayer", pay_text(order, "trade_type"), state);
	bill->count++;
}

static void add_payment(struct bill *bill, const json_t *order)
{
	const json_t *asked = json_object_get(order, "asked");
	long total = number(json_object_get(asked, "amount"), "total"), fee = fee_of(total);

	begin_row(bill, order, "SUCCESS", number(order, "success_at"));
	buffer_printf(&bill->rows,
		      "`%ld.%02ld,`0.00,`0,`0,`0.00,`0.00,`,`,`%s,`%s,`%ld.%02ld000,`0.60%%,"
		      "`%ld.%02ld,`0.00,`\r\n",
		      total / 100, total % 100, pay_text(asked, "description"),
		      pay_text(asked, "attach"), fee / 100, fee % 100, total / 100, total % 100);
	bill->paid_fen += total;
	bill->fee_fen += fee;
}

static void add_refund(struct bill *bill, const json_t *order, const json_t *refund)
{
	const json_t *asked = json_object_get(order, "asked");
	long back = number(refund, "refund"), fee = fee_of(back);

	begin_row(bill, order, "REFUND", number(refund, "created_at"));
	buffer_printf(&bill->rows,
		      "`0.00,`0.00,`%s,`%s,`%ld.%02ld,`0.00,`ORIGINAL,`%s,`%s,`%s,"
		      "`%s%ld.%02ld000,`0.60%%,`0.00,`%ld.%02ld,`\r\n",
		      pay_text(refund, "refund_id"), pay_text(refund, "out_refund_no"), back / 100,
		      back % 100, pay_text(refund, "status"), pay_text(asked, "description"),
		      pay_text(asked, "attach"), fee ? "-" : "", fee / 100, fee % 100, back / 100,
		      back % 100);
	bill->refund_fen += back;
	bill->fee_fen -= fee;
}

static void add_order(json_t *order, void *context)
{
	struct bill *bill = context;
	const json_t *refunds = json_object_get(order, "refunds");

	if (order_is_paid(order) && on_day(bill, number(order, "success_at")))
		add_payment(bill, order);
	for (size_t i = 0; i < json_array_size(refunds); i++) {
		const json_t *refund = json_array_get(refunds, i);

		if (on_day(bill, number(refund, "created_at")))
			add_refund(bill, order, refund);
	}
}

static void finish(struct bill *bill, struct buffer *csv)
{
	long fee = bill->fee_fen < 0 ? -bill->fee_fen : bill->fee_fen;

	buffer_puts(csv, "\xef\xbb\xbf" HEADINGS);
	buffer_add(csv, buffer_text(&bill->rows), bill->rows.len);
	buffer_printf(csv,
		      TOTALS "`%ld,`%ld.%02ld,`%ld.%02ld,`0.00,`%s%ld.%02ld000,`%ld.%02ld,"
			     "`%ld.%02ld\r\n",
		      bill->count, bill->paid_fen / 100, bill->paid_fen % 100,
		      bill->refund_fen / 100, bill->refund_fen % 100, bill->fee_fen < 0 ? "-" : "",
		      fee / 100, fee % 100, bill->paid_fen / 100, bill->paid_fen % 100,
		      bill->refund_fen / 100, bill->refund_fen % 100);
}

/* Keeps it under a token, for the second call. */
static void answer_place(struct pay *p, const struct buffer *csv)
{
	char token[PUBLIC_ID_SIZE], hex[2 * SHA1_SIZE + 1], *path, *url;
	uint8_t hash[SHA1_SIZE];

	random_public_id(token);
	path = pay_file("bill", token);
	file_replace(path, csv->data, csv->len);
	digest_sha1(csv->data, csv->len, hash);
	hex_encode(hash, sizeof(hash), hex);
	url = xprintf("%s" PAY_PATH "/v3/billdownload/file?token=%s",
		      config_text(p->config, "public_url"), token);
	pay_json(p, 200,
		 json_pack("{s:s, s:s, s:s}", "hash_type", "SHA1", "hash_value", hex,
			   "download_url", url));
	free(url);
	free(path);
}

static bool is_day(const char *text)
{
	int64_t at;
	char *whole = xprintf("%sT00:00:00+08:00", text);
	bool good = wechatpay_time_read(whole, &at) && at <= time(NULL);

	free(whole);
	return good;
}

void pay_bill(struct pay *p)
{
	const char *day = request_query(p->request, "bill_date");
	const char *type = request_query(p->request, "bill_type");
	struct bill bill = { .config = p->config, .day = day };
	struct buffer csv = BUFFER_INIT;

	if (!day || !is_day(day) || !type || strcmp(type, "ALL") != 0) {
		pay_error(p, "PARAM_ERROR");
		return;
	}
	pay_lock(p);
	orders_each(add_order, &bill);
	pay_unlock(p);
	finish(&bill, &csv);
	if (bill.count)
		answer_place(p, &csv);
	else
		pay_error(p, "NO_STATEMENT_EXIST");
	buffer_release(&bill.rows);
	buffer_release(&csv);
}

void pay_bill_file(struct pay *p)
{
	const char *token = request_query(p->request, "token");
	char *path, piece[4096];
	ssize_t n;
	int fd;

	p->is_unsigned = true;
	path = token && is_public_id(token) ? pay_file("bill", token) : NULL;
	fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	free(path);
	if (fd < 0) {
		pay_error(p, "RESOURCE_NOT_EXISTS");
		return;
	}
	p->reply.type = "text/plain; charset=utf-8";
	while ((n = read(fd, piece, sizeof(piece))) > 0)
		buffer_add(&p->reply.body, piece, (size_t)n);
	close(fd);
}

void pay_mode(struct pay *p)
{
	const char *on = request_query(p->request, "certificates");
	char *path = sim_path("wechatpay-certificates-on");

	if (on && !strcmp(on, "on"))
		file_replace(path, "", 0);
	else
		unlink(path);
	free(path);
	p->reply.type = "text/plain; charset=utf-8";
	buffer_puts(&p->reply.body, "ok\n");
}

static void read_small(const char *name, char *out, size_t size)
{
	char *path = sim_path(name);
	FILE *file = fopen(path, "re");
	size_t n;

	if (!file)
		die("cannot read %s: %m", path);
	n = fread(out, 1, size - 1, file);
	out[n] = '\0';
	fclose(file);
	free(path);
}

void pay_certificates(struct pay *p)
{
	char pem[PEM_MAX], nonce[13], from[WECHATPAY_TIME_LEN + 1], until[WECHATPAY_TIME_LEN + 1];
	struct wechatpay_keys *keys = wechatpay_keys_new();
	uint8_t key[WECHATPAY_APIV3_KEY_SIZE];
	struct buffer sealed = BUFFER_INIT;
	struct wechatpay_validity v;

	if (!pay_has_certificates()) {
		pay_error(p, "RESOURCE_NOT_EXISTS");
		wechatpay_keys_free(keys);
		return;
	}
	read_small("wechatpay-certificate.pem", pem, sizeof(pem));
	random_digits(nonce, sizeof(nonce) - 1);
	if (!wechatpay_apiv3_key(p->config, key) ||
	    wechatpay_keys_add_certificate(keys, pem, &v) != WECHATPAY_KEY_OK)
		die("no certificate or no key");
	wechatpay_make_seal(key, nonce, "certificate", pem, strlen(pem), &sealed);
	wechatpay_time_write(v.not_before, from);
	wechatpay_time_write(v.not_after, until);
	pay_json(p, 200,
		 json_pack("{s:[{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}}]}", "data", "serial_no",
			   v.serial, "effective_time", from, "expire_time", until,
			   "encrypt_certificate", "algorithm", "AEAD_AES_256_GCM", "nonce", nonce,
			   "associated_data", "certificate", "ciphertext", sealed.data));
	buffer_release(&sealed);
	wechatpay_keys_free(keys);
}

struct tally {
	json_t *orders;
	json_int_t captured, refunded, pending;
};

static void count_order(json_t *order, void *context)
{
	struct tally *c = context;
	const json_t *refunds = json_object_get(order, "refunds");
	json_int_t total = json_integer_value(json_object_get(
		json_object_get(json_object_get(order, "asked"), "amount"), "total"));
	json_int_t refunded = 0, pending = 0;

	for (size_t i = 0; i < json_array_size(refunds); i++) {
		const json_t *refund = json_array_get(refunds, i);
		const char *status = pay_text(refund, "status");

		if (!strcmp(status, "SUCCESS"))
			refunded += number(refund, "refund");
		else if (strcmp(status, "CLOSED") != 0)
			pending += number(refund, "refund");
	}
	c->captured += order_is_paid(order) ? total : 0;
	c->refunded += refunded;
	c->pending += pending;
	json_object_set_new(c->orders, pay_text(order, "out_trade_no"),
			    json_pack("{s:s, s:I, s:I, s:I, s:I, s:O}", "state",
				      pay_text(order, "state"), "total_fen", total, "captured_fen",
				      order_is_paid(order) ? total : (json_int_t)0, "refunded_fen",
				      refunded, "pending_fen", pending, "notifications",
				      json_object_get(order, "notifications")));
}

void pay_state(struct pay *p)
{
	struct tally c = { .orders = json_object() };

	pay_lock(p);
	orders_each(count_order, &c);
	pay_unlock(p);
	pay_json(p, 200,
		 json_pack("{s:I, s:I, s:I, s:o}", "captured_fen", c.captured, "refunded_fen",
			   c.refunded, "pending_fen", c.pending, "orders", c.orders));
}

static void shift(json_t *object, const char *key, long seconds)
{
	if (json_object_get(object, key))
		json_object_set_new(object, key, json_integer(number(object, key) - seconds));
}

void pay_age(struct pay *p)
{
	const char *name = request_query(p->request, "out_trade_no");
	const char *days = request_query(p->request, "days");
	long seconds = days ? strtol(days, NULL, 10) * DAY_S : 0;
	const json_t *refunds;
	json_t *order;

	pay_lock(p);
	order = name && wechatpay_trade_no_good(name) ? order_load(name) : NULL;
	if (!order) {
		p->reply.status = 404;
		return;
	}
	shift(order, "created_at", seconds);
	shift(order, "success_at", seconds);
	refunds = json_object_get(order, "refunds");
	for (size_t i = 0; i < json_array_size(refunds); i++) {
		shift(json_array_get(refunds, i), "created_at", seconds);
		shift(json_array_get(refunds, i), "due_at", seconds);
	}
	order_save(order);
	pay_json(p, 200, order);
}
