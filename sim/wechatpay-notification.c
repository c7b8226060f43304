/* wechatpay-notification.c: the sim tells the merchant what happened. */
#include "wechatpay.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "service/http.h"
#include "service/wechatpay-notification.h"

#define LATE_MS 5000
#define HEADERS 5
#define ANSWER_MAX 4096

/* What a test wants of the notifications that are sent now. */
static const struct trick {
	const char *word;
	enum flaw flaw;
	const char *key; /* in the amount, and what stands there instead */
	bool text, twice, never, late;
} tricks[] = {
	{ .word = "" },
	{ .word = "never", .never = true },
	{ .word = "late", .late = true },
	{ .word = "twice", .twice = true },
	{ .word = "wrong-amount", .key = "total" },
	{ .word = "currency", .key = "currency", .text = true },
	{ .word = "unsigned", .flaw = FLAW_UNSIGNED },
	{ .word = "forged", .flaw = FLAW_FORGED },
	{ .word = "probe", .flaw = FLAW_PROBE },
	{ .word = "stale", .flaw = FLAW_STALE },
	{ .word = "stranger", .flaw = FLAW_STRANGER },
};

void notification_add(json_t *order, const char *event, json_t *plain)
{
	char id[PUBLIC_ID_SIZE], at[WECHATPAY_TIME_LEN + 1];
	json_t *notification;

	random_public_id(id);
	wechatpay_time_write(time(NULL), at);
	notification = json_pack("{s:s, s:s, s:s, s:o, s:s, s:b, s:i, s:i}", "id", id, "event",
				 event, "create_time", at, "plain", plain, "url",
				 pay_text(json_object_get(order, "asked"), "notify_url"),
				 "acknowledged", false, "attempts", 0, "status", 0);
	if (!notification)
		die("json_pack failed");
	json_array_append_new(json_object_get(order, "notifications"), notification);
}

/* The plain text, altered where the trick says so. */
static char *plain_text(const json_t *notification, const struct trick *trick)
{
	json_t *plain = json_deep_copy(json_object_get(notification, "plain"));
	json_t *amount = json_object_get(plain, "amount");
	char *text;

	if (trick->key)
		json_object_set_new(amount, trick->key,
				    trick->text ? json_string("USD") :
						  json_integer(json_integer_value(json_object_get(
								       amount, trick->key)) -
							       1));
	text = json_dumps(plain, JSON_COMPACT);
	if (!text)
		die("json_dumps failed");
	json_decref(plain);
	return text;
}

static char *envelope(const struct pay *p, const json_t *notification, const struct trick *trick)
{
	bool trade = !strncmp(pay_text(notification, "event"), "TRANSACTION", 11);
	uint8_t key[WECHATPAY_APIV3_KEY_SIZE];
	char *plain = plain_text(notification, trick), nonce[13], *text;
	struct buffer sealed = BUFFER_INIT;
	json_t *body;

	if (!wechatpay_apiv3_key(p->config, key))
		die("wechatpay_apiv3_key is not set");
	random_digits(nonce, sizeof(nonce) - 1);
	wechatpay_make_seal(key, nonce, trade ? "transaction" : "refund", plain, strlen(plain),
			    &sealed);
	body = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s, s:s}}", "id",
		pay_text(notification, "id"), "create_time", pay_text(notification, "create_time"),
		"resource_type", "encrypt-resource", "event_type", pay_text(notification, "event"),
		"summary", trade ? "支付成功" : "退款", "resource", "original_type",
		trade ? "transaction" : "refund", "algorithm", "AEAD_AES_256_GCM", "ciphertext",
		sealed.data, "associated_data", trade ? "transaction" : "refund", "nonce", nonce);
	text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	if (!text)
		die("json_dumps failed");
	json_decref(body);
	buffer_release(&sealed);
	free(plain);
	return text;
}

/* One POST; the status that came back, 0 if none. */
static long post(const struct pay *p, const json_t *notification, const struct trick *trick)
{
	char *body = envelope(p, notification, trick), *line[HEADERS];
	struct pay_signature s;
	struct http_answer answer;
	struct http_request q = { .url = pay_text(notification, "url"),
				  .type = "application/json",
				  .body = body,
				  .body_len = strlen(body),
				  .header = (const char *const *)line,
				  .header_count = trick->flaw == FLAW_UNSIGNED ? 0 : HEADERS,
				  .body_max = ANSWER_MAX };
	long status;

	pay_sign(p, trick->flaw, body, strlen(body), &s);
	line[0] = xprintf("Wechatpay-Timestamp: %s", s.timestamp);
	line[1] = xprintf("Wechatpay-Nonce: %s", s.nonce);
	line[2] = xprintf("Wechatpay-Serial: %s", s.serial);
	line[3] = xprintf("Wechatpay-Signature: %s", buffer_text(&s.signature));
	line[4] = xprintf("Wechatpay-Signature-Type: WECHATPAY2-SHA256-RSA2048");
	status = http_ask(&q, &answer) == HTTP_OK ? answer.status : 0;
	for (size_t i = 0; i < HEADERS; i++)
		free(line[i]);
	buffer_release(&answer.body);
	buffer_release(&s.signature);
	free(body);
	return status;
}

/* Writes into the order how it went. */
static void note(struct pay *p, const char *out_trade_no, const char *id, long status)
{
	json_t *order, *notifications;

	pay_lock(p);
	order = order_load(out_trade_no);
	notifications = json_object_get(order, "notifications");
	for (size_t i = 0; i < json_array_size(notifications); i++) {
		json_t *notification = json_array_get(notifications, i);
		json_int_t attempts = json_integer_value(json_object_get(notification, "attempts"));

		if (strcmp(pay_text(notification, "id"), id) != 0)
			continue;
		json_object_set_new(notification, "attempts", json_integer(attempts + 1));
		json_object_set_new(notification, "status", json_integer(status));
		if (status == 200 || status == 204)
			json_object_set_new(notification, "acknowledged", json_true());
	}
	order_save(order);
	pay_unlock(p);
	json_decref(order);
}

static void send_one(struct pay *p, const char *out_trade_no, const json_t *notification,
		     const struct trick *trick)
{
	for (int i = 0; i < (trick->twice ? 2 : 1); i++)
		note(p, out_trade_no, pay_text(notification, "id"), post(p, notification, trick));
}

static void send_all(struct pay *p, const char *out_trade_no, const char *event, bool again,
		     const struct trick *trick)
{
	const char *turn = request_query(p->request, "order");
	bool reverse = turn && !strcmp(turn, "reverse");
	json_t *order = order_load(out_trade_no);
	const json_t *notifications = json_object_get(order, "notifications");
	size_t n = json_array_size(notifications);

	for (size_t i = 0; i < n; i++) {
		const json_t *notification = json_array_get(notifications, reverse ? n - 1 - i : i);

		if ((again || !json_is_true(json_object_get(notification, "acknowledged"))) &&
		    (!event || !strcmp(event, pay_text(notification, "event"))))
			send_one(p, out_trade_no, notification, trick);
	}
	json_decref(order);
}

/* httpd waits until all holders of its pipes have ended; so the child closes them. */
static bool in_background(void)
{
	pid_t pid = fork();
	int null;

	if (pid < 0)
		die("fork: %m");
	if (pid > 0) {
		waitpid(pid, NULL, 0);
		return false;
	}
	setsid();
	if (fork())
		_exit(0);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd <= 2; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			_exit(1);
	return true;
}

void notifications_send(struct pay *p, const char *out_trade_no, const char *event, bool again,
			long delay_ms)
{
	const struct trick *trick = &tricks[0];
	char word[32];

	if (faults_take("notification", word))
		for (size_t i = 1; i < ARRAY_SIZE(tricks); i++)
			if (!strcmp(tricks[i].word, word))
				trick = &tricks[i];
	if (trick->never)
		return;
	if (trick->late)
		delay_ms = LATE_MS;
	if (!delay_ms) {
		send_all(p, out_trade_no, event, again, trick);
	} else if (in_background()) {
		usleep((useconds_t)delay_ms * 1000);
		send_all(p, out_trade_no, event, again, trick);
		_exit(0);
	}
}

void pay_resend(struct pay *p)
{
	const char *number = request_query(p->request, "out_trade_no");
	json_t *order;

	if (!number || !wechatpay_trade_no_good(number)) {
		p->reply.status = 400;
		return;
	}
	notifications_send(p, number, request_query(p->request, "event"), true, 0);
	order = order_load(number);
	if (order)
		pay_json(p, 200, json_incref(json_object_get(order, "notifications")));
	else
		p->reply.status = 404;
	json_decref(order);
}
