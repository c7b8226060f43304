/* wechatpay-refund.c: the sim's refunds. */
#include "wechatpay.h"

#include "base/die.h"
#include "service/wechatpay-notification.h"

#define PATH_PREFIX "/v3/refund/domestic/refunds/"
#define REASON_BYTES_MAX 80
#define REFUNDS_MAX 50
#define PROCESSING_S 20
#define NOTIFICATION_DELAY_MS 300

static json_int_t number(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

/* What a refund becomes, when a test asks for another end than success. */
static const struct {
	const char *word, *becomes;
	long after_s;
} outcomes[] = {
	{ "success", "SUCCESS", 0 },
	{ "abnormal", "ABNORMAL", 0 },
	{ "closed", "CLOSED", 0 },
	{ "processing", "SUCCESS", PROCESSING_S },
};

static json_t *find(const json_t *order, const char *out_refund_no)
{
	const json_t *refunds = json_object_get(order, "refunds");

	for (size_t i = 0; i < json_array_size(refunds); i++) {
		json_t *refund = json_array_get(refunds, i);

		if (!strcmp(pay_text(refund, "out_refund_no"), out_refund_no))
			return refund;
	}
	return NULL;
}

static json_int_t given_back(const json_t *order)
{
	const json_t *refunds = json_object_get(order, "refunds");
	json_int_t sum = 0;

	for (size_t i = 0; i < json_array_size(refunds); i++) {
		const json_t *refund = json_array_get(refunds, i);

		if (strcmp(pay_text(refund, "status"), "CLOSED") != 0)
			sum += number(refund, "refund");
	}
	return sum;
}

static json_t *describe(const json_t *order, const json_t *refund, bool notification)
{
	json_int_t total = number(json_object_get(json_object_get(order, "asked"), "amount"),
				  "total");
	json_int_t back = number(refund, "refund");
	char at[WECHATPAY_TIME_LEN + 1];
	json_t *out = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s}", "refund_id", pay_text(refund, "refund_id"),
		"out_refund_no", pay_text(refund, "out_refund_no"), "transaction_id",
		pay_text(order, "transaction_id"), "out_trade_no", pay_text(order, "out_trade_no"),
		"user_received_account", "支付用户零钱", notification ? "refund_status" : "status",
		pay_text(refund, "status"));
	json_t *amount = json_pack("{s:I, s:I, s:I, s:I}", "total", total, "refund", back,
				   "payer_total", total, "payer_refund", back);

	if (!out || !amount)
		die("json_pack failed");
	if (!notification)
		json_object_set_new(amount, "currency", json_string("CNY"));
	json_object_set_new(out, "amount", amount);
	wechatpay_time_write(number(refund, "created_at"), at);
	json_object_set_new(out, "create_time", json_string(at));
	if (!strcmp(pay_text(refund, "status"), "SUCCESS")) {
		wechatpay_time_write(number(refund, "due_at"), at);
		json_object_set_new(out, "success_time", json_string(at));
	}
	return out;
}

static void settle(json_t *order, json_t *refund)
{
	const char *becomes = pay_text(refund, "becomes");
	json_t *plain;

	if (strcmp(pay_text(refund, "status"), "PROCESSING") != 0 ||
	    number(refund, "due_at") > time(NULL))
		return;
	json_object_set_new(refund, "status", json_string(becomes));
	plain = describe(order, refund, true);
	json_object_set_new(plain, "mchid",
			    json_string(pay_text(json_object_get(order, "asked"), "mchid")));
	notification_add(order,
			 !strcmp(becomes, "SUCCESS")  ? "REFUND.SUCCESS" :
			 !strcmp(becomes, "ABNORMAL") ? "REFUND.ABNORMAL" :
							"REFUND.CLOSED",
			 plain);
}

void refunds_settle(json_t *order)
{
	const json_t *refunds = json_object_get(order, "refunds");

	for (size_t i = 0; i < json_array_size(refunds); i++)
		settle(order, json_array_get(refunds, i));
	order_save(order);
}

static json_t *make(json_t *order, const json_t *asked)
{
	char id[] = "50300000000000000000000000000", word[32] = "success";
	json_int_t now = time(NULL);
	size_t i = 0;
	json_t *refund;

	random_digits(id + 3, sizeof(id) - 4);
	if (!faults_take("refund-outcome", word))
		i = 0;
	else
		while (i < ARRAY_SIZE(outcomes) - 1 && strcmp(outcomes[i].word, word) != 0)
			i++;
	refund = json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:O}", "out_refund_no",
			   pay_text(asked, "out_refund_no"), "refund_id", id, "status",
			   "PROCESSING", "becomes", outcomes[i].becomes, "refund",
			   number(json_object_get(asked, "amount"), "refund"), "created_at", now,
			   "due_at", now + outcomes[i].after_s, "asked", asked);
	if (!refund)
		die("json_pack failed");
	json_array_append_new(json_object_get(order, "refunds"), refund);
	json_object_set_new(order, "state", json_string("REFUND"));
	order_save(order);
	pointer_save("refund", pay_text(asked, "out_refund_no"), pay_text(order, "out_trade_no"));
	return refund;
}

static bool refund_good(const json_t *asked)
{
	const json_t *amount = json_object_get(asked, "amount");
	const char *url = pay_text(asked, "notify_url");

	return wechatpay_refund_no_good(pay_text(asked, "out_refund_no")) &&
	       wechatpay_trade_no_good(pay_text(asked, "out_trade_no")) &&
	       strlen(pay_text(asked, "reason")) <= REASON_BYTES_MAX &&
	       json_is_integer(json_object_get(amount, "refund")) && number(amount, "refund") > 0 &&
	       json_is_integer(json_object_get(amount, "total")) && number(amount, "total") > 0 &&
	       !strcmp(pay_text(amount, "currency"), "CNY") && *url && strlen(url) <= 255 &&
	       !strpbrk(url, "?# ");
}

/* Whether this new refund fits its order. */
static bool fits(const json_t *order, const json_t *asked)
{
	const json_t *amount = json_object_get(asked, "amount");
	json_int_t total = number(json_object_get(json_object_get(order, "asked"), "amount"),
				  "total");

	return order_is_paid(order) && number(amount, "total") == total &&
	       number(amount, "refund") <= total - given_back(order) &&
	       json_array_size(json_object_get(order, "refunds")) < REFUNDS_MAX;
}

/* The answer to a new one is only that it was accepted. */
static void accept_refund(struct pay *p, const json_t *asked, json_t *order, json_t *other)
{
	json_t *refund = find(order, pay_text(asked, "out_refund_no"));

	if (refund && json_equal(json_object_get(refund, "asked"), asked)) {
		refunds_settle(order);
		pay_json(p, 200, describe(order, refund, false));
		return;
	}
	if (refund || other || !fits(order, asked)) {
		pay_error(p, "INVALID_REQUEST");
		return;
	}
	refund = make(order, asked);
	pay_json(p, 200, describe(order, refund, false));
	refunds_settle(order);
	pay_unlock(p);
	notifications_send(p, pay_text(order, "out_trade_no"), NULL, false, NOTIFICATION_DELAY_MS);
}

void pay_refund(struct pay *p)
{
	json_t *asked = pay_asked(p), *order, *other;

	if (!asked)
		return;
	if (!refund_good(asked)) {
		pay_error(p, "PARAM_ERROR");
		json_decref(asked);
		return;
	}
	pay_lock(p);
	order = order_load(pay_text(asked, "out_trade_no"));
	other = order_by("refund", pay_text(asked, "out_refund_no"));
	if (order)
		accept_refund(p, asked, order, other);
	else
		pay_error(p, "RESOURCE_NOT_EXISTS");
	json_decref(other);
	json_decref(order);
	json_decref(asked);
}

void pay_refund_query(struct pay *p)
{
	const char *name = p->request->path_info + strlen(PATH_PREFIX);
	json_t *order;

	pay_lock(p);
	order = order_by("refund", name);
	if (order) {
		refunds_settle(order);
		pay_json(p, 200, describe(order, find(order, name), false));
		pay_unlock(p);
		notifications_send(p, pay_text(order, "out_trade_no"), NULL, false,
				   NOTIFICATION_DELAY_MS);
	} else {
		pay_error(p, "RESOURCE_NOT_EXISTS");
	}
	json_decref(order);
}
