/* nuonuo-request.c: what goes out to Nuonuo: signature and bodies. */
#include "service/nuonuo.h"

#include <time.h>

#include "base/base64.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/utf8.h"
#include "service/invoice-tax.h"

#define DIGITS "0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTERS UPPER "abcdefghijklmnopqrstuvwxyz"
#define GOODS_CODE_LEN 19
#define BEIJING_S (8 * 3600)

/* a, l and p are fixed parts of the path, whatever the address in the config. */
void nuonuo_sign(const char *app_key, const char *app_secret, const struct nuonuo_stamp *stamp,
		 const char *body, struct buffer *out)
{
	struct buffer text = BUFFER_INIT;
	uint8_t mac[SHA1_SIZE];

	buffer_printf(&text, "a=services&l=v1&p=open&k=%s&i=%s&n=%s&t=%lld&f=", app_key,
		      stamp->senid, stamp->nonce, (long long)stamp->time);
	buffer_puts(&text, body);
	digest_hmac_sha1(app_secret, strlen(app_secret), text.data, text.len, mac);
	base64_encode(out, mac, sizeof(mac));
	buffer_wipe(&text);
}

static const char *text_or_none(const char *text)
{
	return text ? text : "";
}

/* Whether it is plain text of min to max characters. */
static bool is_line(const char *text, size_t min, size_t max)
{
	size_t n;

	text = text_or_none(text);
	if (!utf8_valid(text, strlen(text)) || utf8_has_control(text, false))
		return false;
	n = utf8_length(text);
	return n >= min && n <= max;
}

static bool is_of(const char *text, const char *characters, size_t min, size_t max)
{
	size_t n = text ? strspn(text, characters) : 0;

	return n >= min && n <= max && (!text || !text[n]);
}

static const char *buyer_fault(const struct invoice_buyer *b, enum invoice_kind kind)
{
	bool special = kind == INVOICE_SPECIAL;

	if (!is_line(b->name, 1, INVOICE_NAME_MAX))
		return "buyer.name";
	if (!is_of(b->tax_number, UPPER DIGITS, 15, 20) &&
	    (special || *text_or_none(b->tax_number)))
		return "buyer.tax_number";
	if (!is_line(b->address, 0, 80) || !is_line(b->phone, 0, 20))
		return "buyer.address";
	if (!is_line(b->bank, 0, 70) || !is_line(b->bank_account, 0, 30))
		return "buyer.bank";
	if (!is_line(b->email, 0, 100))
		return "buyer.email";
	return is_of(b->mobile, DIGITS, 0, 11) ? NULL : "buyer.mobile";
}

static const char *line_fault(const struct invoice_line *line)
{
	if (line->name && !is_line(line->name, 1, 90))
		return "line.name";
	if (line->total_fen < 1 || line->total_fen > INVOICE_TOTAL_MAX_FEN)
		return "line.total_fen";
	return line->quantity < 1 ? "line.quantity" : NULL;
}

static const char *seller_fault(const struct nuonuo_seller *seller)
{
	if (!is_of(seller->tax_number, UPPER DIGITS, 15, 20))
		return "invoice_seller_tax_number";
	if (!is_line(seller->goods_name, 1, 90))
		return "invoice_goods_name";
	if (!is_of(seller->goods_code, DIGITS, GOODS_CODE_LEN, GOODS_CODE_LEN))
		return "invoice_goods_code";
	return is_line(seller->clerk, 1, 20) ? NULL : "invoice_clerk";
}

const char *nuonuo_order_fault(const struct nuonuo_seller *seller, const struct invoice_order *o)
{
	const char *fault = seller_fault(seller);
	int64_t total = 0;

	if (fault)
		return fault;
	if (!is_of(o->order_no, LETTERS DIGITS, 1, INVOICE_ORDER_MAX))
		return "order_no";
	if (!is_line(o->remark, 0, INVOICE_REMARK_MAX))
		return "remark";
	if (o->line_count < 1 || o->line_count > INVOICE_LINES_MAX)
		return "line_count";
	for (size_t i = 0; i < o->line_count && !fault; i++) {
		fault = line_fault(&o->line[i]);
		total += o->line[i].total_fen;
	}
	if (!fault && total > INVOICE_TOTAL_MAX_FEN)
		fault = "line.total_fen";
	return fault ? fault : buyer_fault(&o->buyer, o->kind);
}

const char *nuonuo_correction_fault(const struct invoice_correction *c)
{
	if (!is_of(c->order_no, LETTERS DIGITS, 1, INVOICE_ORDER_MAX))
		return "order_no";
	if (!is_of(c->blue_number, DIGITS, INVOICE_NUMBER_LEN, INVOICE_NUMBER_LEN))
		return "blue_number";
	if (!is_of(c->blue_serial, LETTERS DIGITS, 1, INVOICE_SERIAL_MAX))
		return "blue_serial";
	return c->reason >= INVOICE_WRONG && c->reason <= INVOICE_ALLOWANCE ? NULL : "reason";
}

/* Every value is a text; what is not known is left out. */
static void put(json_t *object, const char *key, const char *text)
{
	if (text && *text && json_object_set_new(object, key, json_string(text)))
		die("no JSON for %s", key);
}

static void put_yuan(json_t *object, const char *key, int64_t fen)
{
	struct buffer text = BUFFER_INIT;

	invoice_yuan(&text, fen);
	put(object, key, text.data);
	buffer_release(&text);
}

static const char *line_of(enum invoice_kind kind)
{
	return kind == INVOICE_SPECIAL ? "bs" : "pc";
}

/* A price and a quantity, where their product is the total to the fen. */
static void put_price(json_t *object, const struct invoice_line *line)
{
	char number[24];

	if (line->total_fen % line->quantity)
		return;
	snprintf(number, sizeof(number), "%d", line->quantity);
	put(object, "num", number);
	put_yuan(object, "price", line->total_fen / line->quantity);
}

static json_t *detail(const struct nuonuo_seller *seller, const struct invoice_line *line)
{
	struct invoice_amount amount = invoice_split(line->total_fen, seller->percent);
	json_t *object = json_object();
	char rate[8];

	snprintf(rate, sizeof(rate), "0.%02d", seller->percent);
	put(object, "goodsName", line->name ? line->name : seller->goods_name);
	put(object, "goodsCode", seller->goods_code);
	put(object, "withTaxFlag", "1");
	put_price(object, line);
	put(object, "taxRate", rate);
	put_yuan(object, "tax", amount.tax_fen);
	put_yuan(object, "taxExcludedAmount", amount.net_fen);
	put_yuan(object, "taxIncludedAmount", amount.total_fen);
	put(object, "invoiceLineProperty", "0");
	put(object, "favouredPolicyFlag", "0");
	return object;
}

static void put_buyer(json_t *object, const struct invoice_buyer *b)
{
	bool by_mail = *text_or_none(b->email), by_text = *text_or_none(b->mobile);
	struct buffer account = BUFFER_INIT;

	put(object, "buyerName", b->name);
	put(object, "buyerTaxNum", b->tax_number);
	put(object, "buyerTel", b->phone);
	put(object, "buyerAddress", b->address);
	buffer_printf(&account, "%s%s%s", text_or_none(b->bank),
		      b->bank && b->bank_account ? " " : "", text_or_none(b->bank_account));
	put(object, "buyerAccount", account.data);
	put(object, "pushMode", by_mail ? (by_text ? "2" : "0") : (by_text ? "1" : "-1"));
	put(object, "email", b->email);
	put(object, "buyerPhone", b->mobile);
	buffer_release(&account);
}

/* The provider reads times as those of Beijing, whatever the machine's zone. */
static void put_time(json_t *object, const char *key, int64_t when)
{
	time_t t = (time_t)(when + BEIJING_S);
	struct tm tm;
	char text[24];

	if (!gmtime_r(&t, &tm) || !strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm))
		die("no date for an invoice");
	put(object, key, text);
}

json_t *nuonuo_order(const struct nuonuo_seller *seller, const struct invoice_order *o)
{
	json_t *order = json_object(), *lines = json_array(), *whole;

	put_buyer(order, &o->buyer);
	put(order, "salerTaxNum", seller->tax_number);
	put(order, "orderNo", o->order_no);
	put_time(order, "invoiceDate", o->ordered_at);
	put(order, "invoiceType", "1");
	put(order, "invoiceLine", line_of(o->kind));
	put(order, "clerk", seller->clerk);
	put(order, "remark", o->remark);
	for (size_t i = 0; i < o->line_count; i++)
		if (json_array_append_new(lines, detail(seller, &o->line[i])))
			die("no JSON for a line");
	whole = json_pack("{s:o}", "order", order);
	if (!whole || json_object_set_new(order, "invoiceDetail", lines))
		die("no JSON for an invoice");
	return whole;
}

json_t *nuonuo_correction(const struct nuonuo_seller *seller, const struct invoice_correction *c)
{
	json_t *body = json_object();

	put(body, "orderNo", c->order_no);
	put(body, "taxNum", seller->tax_number);
	put(body, "elecInvoiceNumber", c->blue_number);
	put(body, "invoiceId", c->blue_serial);
	put(body, "invoiceLine", line_of(c->kind));
	return body;
}
