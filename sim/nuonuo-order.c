/* nuonuo-order.c: checks an order as strictly as the provider and the tax office. */
#include "nuonuo.h"

#include "base/utf8.h"

#define DIGITS "0123456789"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LETTERS UPPER "abcdefghijklmnopqrstuvwxyz"

struct rule {
	const char *name;
	size_t min, max; /* characters; min 0: may be left out */
	const char *characters; /* NULL: any */
};

static const struct rule order_rules[] = {
	{ "buyerName", 1, 100, NULL },        { "buyerTaxNum", 0, 20, UPPER DIGITS },
	{ "buyerTel", 0, 20, NULL },          { "buyerAddress", 0, 80, NULL },
	{ "buyerAccount", 0, 100, NULL },     { "salerTaxNum", 15, 20, UPPER DIGITS },
	{ "orderNo", 1, 20, LETTERS DIGITS }, { "invoiceDate", 19, 19, DIGITS " -:" },
	{ "invoiceType", 1, 1, "1" },         { "invoiceLine", 2, 2, "bcps" },
	{ "pushMode", 1, 2, "-012" },         { "email", 0, 100, NULL },
	{ "buyerPhone", 0, 11, DIGITS },      { "clerk", 1, 20, NULL },
	{ "remark", 0, 230, NULL },
};

static const struct rule line_rules[] = {
	{ "goodsName", 1, 90, NULL },
	{ "goodsCode", 19, 19, DIGITS },
	{ "withTaxFlag", 1, 1, "01" },
	{ "price", 0, 16, DIGITS "." },
	{ "num", 0, 16, DIGITS },
	{ "taxRate", 4, 4, DIGITS "." },
	{ "tax", 4, 16, DIGITS "." },
	{ "taxExcludedAmount", 4, 16, DIGITS "." },
	{ "taxIncludedAmount", 4, 16, DIGITS "." },
	{ "invoiceLineProperty", 1, 1, "0" },
	{ "favouredPolicyFlag", 0, 1, "0" },
};

/* What organisations are called: these have a tax number. */
static const char *const endings[] = { "公司", "中心", "局",     "委员会", "院",
				       "学校", "银行", "事务所", "协会",   "厂" };

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static const char *rule_error(const json_t *object, const struct rule *rule)
{
	const json_t *value = json_object_get(object, rule->name);
	const char *text = text_at(object, rule->name);
	size_t n = utf8_length(text);

	if (!value && !rule->min)
		return NULL;
	if (!json_is_string(value) || n < rule->min || n > rule->max ||
	    (rule->characters && strspn(text, rule->characters) != strlen(text)))
		return rule->name;
	return NULL;
}

/* The name of the first field that breaks its rule or has none. */
static const char *rules_error(const json_t *object, const struct rule *rules, size_t count,
			       const char *other)
{
	const char *error = json_is_object(object) ? NULL : "object", *key;
	json_t *value;

	for (size_t i = 0; i < count && !error; i++)
		error = rule_error(object, &rules[i]);
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		bool known = other && !strcmp(key, other);

		for (size_t i = 0; i < count; i++)
			known |= !strcmp(rules[i].name, key);
		if (!known && !error)
			error = "unknown field";
	}
	return error;
}

/* "188.68" as 18868; -1 unless there are two decimals. */
static json_int_t fen_at(const json_t *object, const char *key)
{
	const char *text = text_at(object, key), *point = strchr(text, '.');
	char *end;
	json_int_t yuan = strtoll(text, &end, 10);

	if (!*text || end != point || strlen(point) != 3)
		return -1;
	return 100 * yuan + strtoll(point + 1, NULL, 10);
}

static bool price_good(const json_t *line, json_int_t total)
{
	bool priced = json_object_get(line, "price"), counted = json_object_get(line, "num");

	return priced == counted &&
	       (!priced ||
		fen_at(line, "price") * strtoll(text_at(line, "num"), NULL, 10) == total);
}

/* Twice the distance of the tax from its exact value is at most one fen. */
static bool tax_good(const json_t *line, json_int_t total, json_int_t tax)
{
	json_int_t rate = strtoll(text_at(line, "taxRate") + 2, NULL, 10);
	json_int_t twice = 2 * (tax * (100 + rate) - total * rate);

	return !strncmp(text_at(line, "taxRate"), "0.", 2) && rate <= 17 &&
	       (twice < 0 ? -twice : twice) <= 100 + rate;
}

static const char *line_error(const json_t *line, json_int_t *total, json_int_t *tax)
{
	const char *error = rules_error(line, line_rules, ARRAY_SIZE(line_rules), NULL);
	json_int_t all = fen_at(line, "taxIncludedAmount"), part = fen_at(line, "tax");
	json_int_t net = fen_at(line, "taxExcludedAmount");

	if (error)
		return error;
	if (all <= 0 || part < 0 || net < 0 || net + part != all)
		return "taxIncludedAmount";
	if (!tax_good(line, all, part))
		return "tax";
	if (!price_good(line, all))
		return "price";
	*total += all;
	*tax += part;
	return NULL;
}

static bool is_organisation(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		size_t n = strlen(endings[i]);

		if (strlen(name) > n && !strcmp(name + strlen(name) - n, endings[i]))
			return true;
	}
	return false;
}

const char *nuonuo_order_error(const struct core *s, const json_t *order, json_int_t *total,
			       json_int_t *tax)
{
	const json_t *lines = json_object_get(order, "invoiceDetail");
	const char *error = rules_error(order, order_rules, ARRAY_SIZE(order_rules),
					"invoiceDetail");
	const char *line = text_at(order, "invoiceLine"), *number = text_at(order, "buyerTaxNum");

	*total = *tax = 0;
	if (error)
		return error;
	if (strcmp(text_at(order, "salerTaxNum"),
		   config_text(s->config, "invoice_seller_tax_number")) != 0)
		return "salerTaxNum";
	if (strcmp(line, "pc") != 0 && strcmp(line, "bs") != 0)
		return "invoiceLine";
	if (strlen(number) < 15 &&
	    (*number || !strcmp(line, "bs") || is_organisation(text_at(order, "buyerName"))))
		return "buyerTaxNum";
	if (!json_array_size(lines))
		return "invoiceDetail";
	for (size_t i = 0; i < json_array_size(lines) && !error; i++)
		error = line_error(json_array_get(lines, i), total, tax);
	return error;
}
