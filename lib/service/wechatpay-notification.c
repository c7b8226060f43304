/* wechatpay-notification.c: notifications, orders and refunds out of WeChat Pay's JSON. */
#include "service/wechatpay-notification.h"

#include <jansson.h>
#include <time.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define TRADE_NO_CHARACTERS DIGITS LETTERS "_-|*"
#define REFUND_NO_CHARACTERS TRADE_NO_CHARACTERS "@"
#define CIPHERTEXT_MAX 1048576
#define ZONE "+08:00"
#define ZONE_S (8 * 3600)

const char *const wechatpay_trade_state_names[WECHATPAY_TRADE_STATE_COUNT] = {
	[WECHATPAY_TRADE_SUCCESS] = "SUCCESS",       [WECHATPAY_TRADE_REFUND] = "REFUND",
	[WECHATPAY_TRADE_NOTPAY] = "NOTPAY",         [WECHATPAY_TRADE_CLOSED] = "CLOSED",
	[WECHATPAY_TRADE_USERPAYING] = "USERPAYING", [WECHATPAY_TRADE_PAYERROR] = "PAYERROR",
	[WECHATPAY_TRADE_REVOKED] = "REVOKED",
};

const char *const wechatpay_refund_status_names[WECHATPAY_REFUND_STATUS_COUNT] = {
	[WECHATPAY_REFUND_SUCCESS] = "SUCCESS",
	[WECHATPAY_REFUND_PROCESSING] = "PROCESSING",
	[WECHATPAY_REFUND_CLOSED] = "CLOSED",
	[WECHATPAY_REFUND_ABNORMAL] = "ABNORMAL",
};

const char *const wechatpay_event_names[WECHATPAY_EVENT_COUNT] = {
	[WECHATPAY_EVENT_PAID] = "TRANSACTION.SUCCESS",
	[WECHATPAY_EVENT_REFUND_SUCCESS] = "REFUND.SUCCESS",
	[WECHATPAY_EVENT_REFUND_ABNORMAL] = "REFUND.ABNORMAL",
	[WECHATPAY_EVENT_REFUND_CLOSED] = "REFUND.CLOSED",
};

const char *const wechatpay_read_names[WECHATPAY_READ_COUNT] = {
	[WECHATPAY_READ_OK] = "ok",
	[WECHATPAY_READ_NO_JSON] = "no_json",
	[WECHATPAY_READ_MISSING] = "missing",
	[WECHATPAY_READ_BAD_TYPE] = "bad_type",
	[WECHATPAY_READ_TOO_LONG] = "too_long",
	[WECHATPAY_READ_BAD_TEXT] = "bad_text",
	[WECHATPAY_READ_BAD_VALUE] = "bad_value",
	[WECHATPAY_READ_BAD_SEAL] = "bad_seal",
};

bool wechatpay_time_read(const char *text, int64_t *at)
{
	static const char shape[] = "0000-00-00T00:00:00" ZONE;
	struct tm tm = { 0 }, again;
	time_t t;

	if (strlen(text) != WECHATPAY_TIME_LEN || strcmp(text + 19, ZONE) != 0)
		return false;
	for (size_t i = 0; i < 19; i++)
		if (shape[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return false;
	if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
		   &tm.tm_hour, &tm.tm_min, &tm.tm_sec) != 6) /* NOLINT(cert-err34-c) */
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	again = tm;
	t = timegm(&again);
	*at = t - ZONE_S;
	return again.tm_mon == tm.tm_mon && again.tm_mday == tm.tm_mday &&
	       again.tm_hour == tm.tm_hour && again.tm_min == tm.tm_min &&
	       again.tm_sec == tm.tm_sec;
}

void wechatpay_time_write(int64_t at, char out[WECHATPAY_TIME_LEN + 1])
{
	time_t t = at + ZONE_S;
	struct tm tm;

	gmtime_r(&t, &tm);
	if (strftime(out, WECHATPAY_TIME_LEN + 1, "%Y-%m-%dT%H:%M:%S" ZONE, &tm) !=
	    WECHATPAY_TIME_LEN)
		*out = '\0';
}

static bool made_of(const char *text, const char *characters, size_t min, size_t max)
{
	size_t n = strspn(text, characters);

	return n >= min && n <= max && !text[n];
}

bool wechatpay_trade_no_good(const char *text)
{
	return made_of(text, TRADE_NO_CHARACTERS, WECHATPAY_TRADE_NO_MIN, WECHATPAY_TRADE_NO_MAX);
}

bool wechatpay_refund_no_good(const char *text)
{
	return made_of(text, REFUND_NO_CHARACTERS, 1, WECHATPAY_REFUND_NO_MAX);
}

enum need {
	ALWAYS,
	WHEN_DONE, /* with a state that says that money moved */
	IF_TOLD,
};

enum form { WORD, TRADE_NO, REFUND_NO, TIME, FEN };

/* Where a value stands in the JSON (within another object or NULL) and in the
 * struct. */
struct field {
	const char *within, *key;
	enum form form;
	enum need need;
	size_t offset, max;
};

#define TEXT_AT(s, member) offsetof(struct s, member), sizeof(((struct s *)0)->member) - 1
#define FEN_AT(s, member) offsetof(struct s, member), 0

static const struct field trade_fields[] = {
	{ NULL, "appid", WORD, ALWAYS, TEXT_AT(wechatpay_trade, appid) },
	{ NULL, "mchid", WORD, ALWAYS, TEXT_AT(wechatpay_trade, mchid) },
	{ NULL, "out_trade_no", TRADE_NO, ALWAYS, TEXT_AT(wechatpay_trade, out_trade_no) },
	{ NULL, "transaction_id", WORD, WHEN_DONE, TEXT_AT(wechatpay_trade, transaction_id) },
	{ NULL, "trade_type", WORD, WHEN_DONE, TEXT_AT(wechatpay_trade, trade_type) },
	{ NULL, "success_time", TIME, WHEN_DONE, TEXT_AT(wechatpay_trade, success_time) },
	{ "payer", "openid", WORD, IF_TOLD, TEXT_AT(wechatpay_trade, openid) },
	{ "amount", "currency", WORD, WHEN_DONE, TEXT_AT(wechatpay_trade, currency) },
	{ "amount", "total", FEN, WHEN_DONE, FEN_AT(wechatpay_trade, total_fen) },
};
static const struct field payer_total = { "amount", "payer_total", FEN, IF_TOLD,
					  FEN_AT(wechatpay_trade, payer_total_fen) };

static const struct field refund_fields[] = {
	{ NULL, "mchid", WORD, IF_TOLD, TEXT_AT(wechatpay_refund, mchid) },
	{ NULL, "out_refund_no", REFUND_NO, ALWAYS, TEXT_AT(wechatpay_refund, out_refund_no) },
	{ NULL, "refund_id", WORD, ALWAYS, TEXT_AT(wechatpay_refund, refund_id) },
	{ NULL, "out_trade_no", TRADE_NO, ALWAYS, TEXT_AT(wechatpay_refund, out_trade_no) },
	{ NULL, "transaction_id", WORD, ALWAYS, TEXT_AT(wechatpay_refund, transaction_id) },
	{ NULL, "success_time", TIME, WHEN_DONE, TEXT_AT(wechatpay_refund, success_time) },
	{ "amount", "currency", WORD, IF_TOLD, TEXT_AT(wechatpay_refund, currency) },
	{ "amount", "refund", FEN, ALWAYS, FEN_AT(wechatpay_refund, refund_fen) },
	{ "amount", "total", FEN, ALWAYS, FEN_AT(wechatpay_refund, total_fen) },
};
static const struct field payer_refund = { "amount", "payer_refund", FEN, IF_TOLD,
					   FEN_AT(wechatpay_refund, payer_refund_fen) };

static bool form_good(const char *text, enum form form)
{
	int64_t at;

	if (form == TRADE_NO)
		return wechatpay_trade_no_good(text);
	if (form == REFUND_NO)
		return wechatpay_refund_no_good(text);
	if (form == TIME)
		return wechatpay_time_read(text, &at);
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

static enum wechatpay_read read_text(const json_t *value, enum form form, char *out, size_t max)
{
	const char *text = json_string_value(value);

	if (!text)
		return WECHATPAY_READ_BAD_TYPE;
	if (strlen(text) > max)
		return WECHATPAY_READ_TOO_LONG;
	if (!form_good(text, form))
		return WECHATPAY_READ_BAD_TEXT;
	memcpy(out, text, strlen(text) + 1);
	return WECHATPAY_READ_OK;
}

static enum wechatpay_read read_fen(const json_t *value, int64_t *out)
{
	json_int_t fen = json_integer_value(value);

	if (!json_is_integer(value))
		return WECHATPAY_READ_BAD_TYPE;
	if (fen < 0 || fen > WECHATPAY_FEN_MAX)
		return WECHATPAY_READ_TOO_LONG;
	*out = fen;
	return WECHATPAY_READ_OK;
}

/* Absent, null and "" are the same: not told. */
static bool is_told(const json_t *value)
{
	return value && !json_is_null(value) &&
	       !(json_is_string(value) && !json_string_length(value));
}

static enum wechatpay_read read_field(const json_t *json, const struct field *f, bool done,
				      void *out)
{
	const json_t *value = json;
	char *at = (char *)out + f->offset;

	if (f->within) {
		value = json_object_get(json, f->within);
		if (is_told(value) && !json_is_object(value))
			return WECHATPAY_READ_BAD_TYPE;
	}
	value = json_object_get(value, f->key);
	if (!is_told(value))
		return f->need == ALWAYS || (f->need == WHEN_DONE && done) ?
			       WECHATPAY_READ_MISSING :
			       WECHATPAY_READ_OK;
	/* The struct's members at these offsets have these types. */
	return f->form == FEN ? read_fen(value, (int64_t *)(void *)at) :
				read_text(value, f->form, at, f->max);
}

static enum wechatpay_read read_fields(const json_t *json, const struct field *field, size_t count,
				       bool done, void *out)
{
	enum wechatpay_read result = WECHATPAY_READ_OK;

	for (size_t i = 0; i < count && result == WECHATPAY_READ_OK; i++)
		result = read_field(json, &field[i], done, out);
	return result;
}

/* The place in a table of words of what stands under a key. */
static enum wechatpay_read read_word(const json_t *json, const char *key, const char *const *words,
				     int count, int *which)
{
	const json_t *value = json_object_get(json, key);

	if (!is_told(value))
		return WECHATPAY_READ_MISSING;
	if (!json_is_string(value))
		return WECHATPAY_READ_BAD_TYPE;
	for (*which = 0; *which < count; ++*which)
		if (!strcmp(words[*which], json_string_value(value)))
			return WECHATPAY_READ_OK;
	return WECHATPAY_READ_BAD_VALUE;
}

static enum wechatpay_read trade_of(const json_t *json, struct wechatpay_trade *trade)
{
	int state = 0;
	enum wechatpay_read result = read_word(json, "trade_state", wechatpay_trade_state_names,
					       WECHATPAY_TRADE_STATE_COUNT, &state);
	bool done = state == WECHATPAY_TRADE_SUCCESS || state == WECHATPAY_TRADE_REFUND;

	if (result != WECHATPAY_READ_OK)
		return result;
	trade->state = (enum wechatpay_trade_state)state;
	result = read_fields(json, trade_fields, ARRAY_SIZE(trade_fields), done, trade);
	trade->payer_total_fen = trade->total_fen;
	if (result == WECHATPAY_READ_OK)
		result = read_field(json, &payer_total, done, trade);
	if (*trade->success_time && !wechatpay_time_read(trade->success_time, &trade->success_at))
		result = WECHATPAY_READ_BAD_TEXT;
	return result;
}

static enum wechatpay_read refund_of(const json_t *json, const char *status_key,
				     struct wechatpay_refund *refund)
{
	int status = 0;
	enum wechatpay_read result = read_word(json, status_key, wechatpay_refund_status_names,
					       WECHATPAY_REFUND_STATUS_COUNT, &status);
	bool done = status == WECHATPAY_REFUND_SUCCESS;

	if (result != WECHATPAY_READ_OK)
		return result;
	refund->status = (enum wechatpay_refund_status)status;
	result = read_fields(json, refund_fields, ARRAY_SIZE(refund_fields), done, refund);
	refund->payer_refund_fen = refund->refund_fen;
	if (result == WECHATPAY_READ_OK)
		result = read_field(json, &payer_refund, done, refund);
	if (*refund->success_time &&
	    !wechatpay_time_read(refund->success_time, &refund->success_at))
		result = WECHATPAY_READ_BAD_TEXT;
	return result;
}

static json_t *load(const char *text, size_t n)
{
	json_t *json = n ? json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

enum wechatpay_read wechatpay_trade_read(const char *text, size_t n, struct wechatpay_trade *trade)
{
	json_t *json = load(text, n);
	enum wechatpay_read result = WECHATPAY_READ_NO_JSON;

	memset(trade, 0, sizeof(*trade));
	if (json)
		result = trade_of(json, trade);
	if (result != WECHATPAY_READ_OK)
		memset(trade, 0, sizeof(*trade));
	json_decref(json);
	return result;
}

enum wechatpay_read wechatpay_refund_read(const char *text, size_t n,
					  struct wechatpay_refund *refund)
{
	json_t *json = load(text, n);
	enum wechatpay_read result = WECHATPAY_READ_NO_JSON;

	memset(refund, 0, sizeof(*refund));
	if (json)
		result = refund_of(json, "status", refund);
	if (result != WECHATPAY_READ_OK)
		memset(refund, 0, sizeof(*refund));
	json_decref(json);
	return result;
}

/* The JSON within the resource, the caller's to release; NULL unless OK. */
static enum wechatpay_read open_resource(const json_t *resource, const uint8_t *key, json_t **plain)
{
	static const char *const algorithms[] = { "AEAD_AES_256_GCM" };
	const char *nonce = json_string_value(json_object_get(resource, "nonce"));
	const json_t *aad = json_object_get(resource, "associated_data");
	const json_t *sealed = json_object_get(resource, "ciphertext");
	struct buffer text = BUFFER_INIT;
	int which;
	enum wechatpay_read result = read_word(resource, "algorithm", algorithms,
					       ARRAY_SIZE(algorithms), &which);

	*plain = NULL;
	if (result != WECHATPAY_READ_OK)
		return result;
	if (!nonce || !json_is_string(sealed))
		return WECHATPAY_READ_MISSING;
	if (is_told(aad) && !json_is_string(aad))
		return WECHATPAY_READ_BAD_TYPE;
	if (json_string_length(sealed) > CIPHERTEXT_MAX)
		return WECHATPAY_READ_TOO_LONG;
	if (wechatpay_open_seal(key, nonce, is_told(aad) ? json_string_value(aad) : "",
				json_string_value(sealed), json_string_length(sealed),
				&text) != WECHATPAY_SEAL_OK)
		return WECHATPAY_READ_BAD_SEAL;
	*plain = load(text.data, text.len);
	buffer_wipe(&text);
	return *plain ? WECHATPAY_READ_OK : WECHATPAY_READ_NO_JSON;
}

/* A refund event tells the status twice. */
static const enum wechatpay_refund_status statuses[WECHATPAY_EVENT_COUNT] = {
	[WECHATPAY_EVENT_REFUND_SUCCESS] = WECHATPAY_REFUND_SUCCESS,
	[WECHATPAY_EVENT_REFUND_ABNORMAL] = WECHATPAY_REFUND_ABNORMAL,
	[WECHATPAY_EVENT_REFUND_CLOSED] = WECHATPAY_REFUND_CLOSED,
};

static enum wechatpay_read read_plain(const json_t *plain,
				      struct wechatpay_notification *notification)
{
	enum wechatpay_read result;
	bool agrees;

	if (notification->event == WECHATPAY_EVENT_PAID) {
		result = trade_of(plain, &notification->trade);
		agrees = notification->trade.state == WECHATPAY_TRADE_SUCCESS;
	} else {
		result = refund_of(plain, "refund_status", &notification->refund);
		agrees = notification->refund.status == statuses[notification->event];
	}
	return result == WECHATPAY_READ_OK && !agrees ? WECHATPAY_READ_BAD_VALUE : result;
}

static enum wechatpay_read notification_of(const json_t *json, const uint8_t *key,
					   struct wechatpay_notification *notification)
{
	static const struct field id = { NULL, "id", WORD, ALWAYS,
					 TEXT_AT(wechatpay_notification, id) };
	const json_t *resource = json_object_get(json, "resource");
	enum wechatpay_read result = read_field(json, &id, true, notification);
	json_t *plain = NULL;
	int event = 0;

	if (result == WECHATPAY_READ_OK)
		result = read_word(json, "event_type", wechatpay_event_names, WECHATPAY_EVENT_COUNT,
				   &event);
	if (result != WECHATPAY_READ_OK)
		return result;
	notification->event = (enum wechatpay_event)event;
	if (!json_is_object(resource))
		return is_told(resource) ? WECHATPAY_READ_BAD_TYPE : WECHATPAY_READ_MISSING;
	result = open_resource(resource, key, &plain);
	if (result == WECHATPAY_READ_OK)
		result = read_plain(plain, notification);
	json_decref(plain);
	return result;
}

enum wechatpay_read wechatpay_notification_read(const char *body, size_t n,
						const uint8_t key[WECHATPAY_APIV3_KEY_SIZE],
						struct wechatpay_notification *notification)
{
	json_t *json = load(body, n);
	struct wechatpay_notification whole = { .id = "" };
	enum wechatpay_read result = WECHATPAY_READ_NO_JSON;

	memset(notification, 0, sizeof(*notification));
	if (json)
		result = notification_of(json, key, &whole);
	if (result == WECHATPAY_READ_OK)
		*notification = whole;
	else
		memcpy(notification->id, whole.id, sizeof(notification->id));
	json_decref(json);
	return result;
}
