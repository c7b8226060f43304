/* nuonuo-book.c: the sim's invoices: handed in, made, looked up, turned red.
 *
 * A row is the file order-ORDERNO: serial, line, amounts in fen, how often it
 * was asked about, how it ends ("2", "22" or "24"), its number, and for a red
 * one or one turned red the other's order number. */
#include "nuonuo.h"

#include <time.h>

#include "base/die.h"

#define ASKED_MAX 50
#define AGAIN_PER_DAY 20

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_int_t number_at(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static json_int_t next_number(const struct core *s)
{
	json_t *last = core_load(s, "last", "serial");
	json_int_t next = number_at(last, "next") + 1;
	json_t *fresh = json_pack("{s:I}", "next", next);

	core_save(s, "last", "serial", fresh);
	json_decref(last);
	json_decref(fresh);
	return next;
}

/* A new row under the lock, and the answer to it. `how`: as the fault asks. */
static void enter(struct core *s, const char *order_no, json_t *row, const char *how)
{
	const char *end = !strcmp(how, "fail") ? "22" : !strcmp(how, "seal") ? "24" : "2";
	char serial[40], number[40];
	json_int_t n = next_number(s);
	json_t *link;

	snprintf(serial, sizeof(serial), "26%018" JSON_INTEGER_FORMAT, n);
	snprintf(number, sizeof(number), "2636%016" JSON_INTEGER_FORMAT, n);
	link = json_pack("{s:s}", "order", order_no);
	if (json_object_set_new(row, "serial", json_string(serial)) ||
	    json_object_set_new(row, "number", json_string(number)) ||
	    json_object_set_new(row, "end", json_string(end)) ||
	    json_object_set_new(row, "asked", json_integer(0)) ||
	    json_object_set_new(row, "time", json_integer(time(NULL))))
		die("no JSON for an invoice");
	core_save(s, "order", order_no, row);
	core_save(s, "serial", serial, link);
	core_save(s, "number", number, link);
	json_decref(link);
	nuonuo_done(s, json_pack("{s:s}", "invoiceSerialNum", serial));
}

static bool is_known(const struct core *s, const char *order_no)
{
	json_t *row = core_load(s, "order", order_no);

	json_decref(row);
	return row;
}

void nuonuo_issue(struct core *s, const json_t *asked, const char *fault)
{
	const json_t *order = json_object_get(asked, "order");
	const char *order_no = text_at(order, "orderNo");
	json_int_t total, tax;
	const char *wrong = nuonuo_order_error(s, order, &total, &tax);
	json_t *row;

	if (wrong) {
		nuonuo_error(s, "E9101", wrong);
	} else if (is_known(s, order_no)) {
		nuonuo_error(s, "E9106", "订单编号不能重复");
	} else {
		row = json_pack("{s:s, s:s, s:I, s:I}", "buyer", text_at(order, "buyerName"),
				"line", text_at(order, "invoiceLine"), "total", total, "tax", tax);
		enter(s, order_no, row, fault);
		json_decref(row);
	}
}

/* The row behind a link that was written by enter(). */
static json_t *follow(const struct core *s, const char *kind, const char *name)
{
	json_t *link = core_load(s, kind, name);
	json_t *row = core_load(s, "order", text_at(link, "order"));

	if (row)
		json_object_set(row, "order", json_object_get(link, "order"));
	json_decref(link);
	return row;
}

void nuonuo_again(struct core *s, const json_t *asked, const char *fault)
{
	json_t *row = follow(s, "serial", text_at(asked, "fpqqlsh"));
	json_int_t times = number_at(row, "again");

	(void)fault;
	if (!row || strcmp(text_at(row, "order"), text_at(asked, "orderno")) != 0) {
		nuonuo_error(s, "E9500", "未查询到发票");
	} else if (strcmp(text_at(row, "end"), "24") != 0 || times >= AGAIN_PER_DAY) {
		nuonuo_error(s, "E9108", "不能重试");
	} else {
		json_object_set_new(row, "end", json_string("2"));
		json_object_set_new(row, "asked", json_integer(0));
		json_object_set_new(row, "again", json_integer(times + 1));
		core_save(s, "order", text_at(row, "order"), row);
		nuonuo_done(s, json_pack("{s:s}", "invoiceSerialNum", text_at(row, "serial")));
	}
	json_decref(row);
}

static void set_yuan(json_t *object, const char *key, json_int_t fen)
{
	json_int_t size = fen < 0 ? -fen : fen;
	char text[32];

	snprintf(text, sizeof(text), "%s%" JSON_INTEGER_FORMAT ".%02d", fen < 0 ? "-" : "",
		 size / 100, (int)(size % 100));
	json_object_set_new(object, key, json_string(text));
}

/* It is being made at the first question, being sealed at the second. */
static const char *status_of(const json_t *row)
{
	json_int_t asked = number_at(row, "asked");

	return asked < 1 ? "20" : asked < 2 ? "21" : text_at(row, "end");
}

static void put_made(const struct core *s, json_t *entry, const json_t *row)
{
	char url[300];

	snprintf(url, sizeof(url), "%s" NUONUO_PATH "/pdf/%s", config_text(s->config, "public_url"),
		 text_at(row, "serial"));
	json_object_set_new(entry, "pdfUrl", json_string(url));
	json_object_set_new(entry, "invoiceTime", json_integer(number_at(row, "time") * 1000));
}

static json_t *entry_of(const struct core *s, const char *order_no, const json_t *row)
{
	const char *status = status_of(row);
	bool made = !strcmp(status, "2"), failed = !strcmp(status, "22") || !strcmp(status, "24");
	json_t *entry = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "serialNo", text_at(row, "serial"),
		"orderNo", order_no, "status", status, "failCause",
		failed ? "演示的失败：请核对购方信息" : "", "invoiceKind", text_at(row, "line"),
		"payerName", text_at(row, "buyer"), "allElectronicInvoiceNumber",
		made || !strcmp(status, "21") ? text_at(row, "number") : "", "ofdUrl", "",
		"invoiceType", json_object_get(row, "red_of") ? "2" : "1");

	if (!entry)
		die("no JSON for an invoice");
	set_yuan(entry, "exTaxAmount", number_at(row, "total") - number_at(row, "tax"));
	set_yuan(entry, "taxAmount", number_at(row, "tax"));
	if (made)
		put_made(s, entry, row);
	return entry;
}

void nuonuo_query(struct core *s, const json_t *asked, const char *fault)
{
	const json_t *orders = json_object_get(asked, "orderNos");
	const char *detail = text_at(asked, "isOfferInvoiceDetail");
	json_t *found = json_array();
	size_t count = json_array_size(orders);

	(void)fault;
	if (count < 1 || count > ASKED_MAX ||
	    (strcmp(detail, "0") != 0 && strcmp(detail, "1") != 0)) {
		nuonuo_error(s, "E9101", "orderNos");
		json_decref(found);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *order_no = json_string_value(json_array_get(orders, i));
		json_t *row = order_no ? core_load(s, "order", order_no) : NULL;

		if (!row)
			continue;
		json_array_append_new(found, entry_of(s, order_no, row));
		json_object_set_new(row, "asked", json_integer(number_at(row, "asked") + 1));
		core_save(s, "order", order_no, row);
		json_decref(row);
	}
	if (json_array_size(found)) {
		nuonuo_done(s, found);
	} else {
		nuonuo_error(s, "E9500", "未查询到发票");
		json_decref(found);
	}
}

/* The error of a request to turn this blue invoice red. */
static const char *red_error(const struct core *s, const json_t *asked, const json_t *blue)
{
	if (strcmp(text_at(asked, "taxNum"), config_text(s->config, "invoice_seller_tax_number")) !=
	    0)
		return "taxNum";
	if (!blue || strcmp(status_of(blue), "2") != 0 || json_object_get(blue, "red_of"))
		return "elecInvoiceNumber";
	if (json_object_get(blue, "red_by"))
		return "已全部冲红";
	if (strcmp(text_at(asked, "invoiceId"), text_at(blue, "serial")) != 0)
		return "invoiceId";
	return strcmp(text_at(asked, "invoiceLine"), text_at(blue, "line")) ? "invoiceLine" : NULL;
}

void nuonuo_red(struct core *s, const json_t *asked, const char *fault)
{
	const char *order_no = text_at(asked, "orderNo"), *wrong;
	json_t *blue = follow(s, "number", text_at(asked, "elecInvoiceNumber")), *row;
	size_t n = strlen(order_no);

	wrong = !n || n > 20 ? "orderNo" : red_error(s, asked, blue);
	if (is_known(s, order_no)) {
		nuonuo_error(s, "E9106", "订单编号不能重复");
	} else if (wrong) {
		nuonuo_error(s, "E9101", wrong);
	} else {
		row = json_pack("{s:s, s:s, s:I, s:I, s:s}", "buyer", text_at(blue, "buyer"),
				"line", text_at(blue, "line"), "total", -number_at(blue, "total"),
				"tax", -number_at(blue, "tax"), "red_of", text_at(blue, "order"));
		json_object_set_new(blue, "red_by", json_string(order_no));
		core_save(s, "order", text_at(blue, "order"), blue);
		enter(s, order_no, row, fault);
		json_decref(row);
	}
	json_decref(blue);
}
