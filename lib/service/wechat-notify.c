/* wechat-notify.c: one message to one person, as the account's templates say it. */
#include "service/wechat-call.h"

#include "base/die.h"
#include "base/digest.h"
#include "base/utf8.h"
#include "db/row.h"
#include "service/wechat-consent.h"
#include "service/wechat-template.h"

#define MESSAGE_ID_LEN 32 /* client_msg_id: hex of half a SHA-256 */
#define NO_VALUE "-" /* WeChat refuses an empty one */
#define NOT_AGREED 43101

struct channel {
	const char *name; /* in the config and in the tables */
	const char *path;
	const char *link; /* the key under which the address goes */
	bool has_message_id;
	bool needs_consent;
};

static const struct channel channels[] = {
	{ "template", "/cgi-bin/message/template/send", "url", true, false },
	{ "subscription", "/cgi-bin/message/subscribe/bizsend", "page", false, true },
};

/* How many characters a key's type takes: thing2, phrase1 … */
static const struct {
	const char *type;
	size_t max;
} types[] = {
	{ "thing", 20 }, { "character_string", 32 }, { "phrase", 5 }, { "name", 10 },
	{ "const", 20 }, { "short_thing", 5 },       { "time", 32 },  { "date", 32 },
};

static size_t room_of(const char *field)
{
	size_t n = strcspn(field, "0123456789");

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strlen(types[i].type) == n && !strncmp(types[i].type, field, n))
			return types[i].max;
	return 20;
}

/* The text cut to `max` characters, without what would become a \u escape. */
static void fit(const char *text, size_t max, struct buffer *out)
{
	struct buffer line = BUFFER_INIT;
	const char *at;
	uint32_t c;

	while ((c = utf8_next(&text)))
		utf8_put(&line, c < 0x20 || c == 0x7f ? ' ' : c);
	at = buffer_text(&line);
	if (utf8_length(at) <= max) {
		buffer_puts(out, *at ? at : NO_VALUE);
	} else {
		for (size_t i = 1; i < max && (c = utf8_next(&at)); i++)
			utf8_put(out, c);
		buffer_puts(out, "…");
	}
	buffer_release(&line);
}

static const char *value_of(const struct wechat_template_message *message, const char *name)
{
	for (size_t i = 0; i < message->value_count; i++)
		if (!strcmp(message->value[i].name, name))
			return message->value[i].text ? message->value[i].text : "";
	return "";
}

static void put(json_t *object, const char *key, json_t *value)
{
	if (!value || json_object_set_new(object, key, value))
		die("no JSON for a message");
}

static json_t *data_of(const struct wechat_account *a, const struct channel *channel,
		       const struct wechat_template_message *message)
{
	struct db_result *r = db_select(a->db,
					"SELECT field, value FROM wechat_template_field"
					" WHERE channel = ? AND kind = ? ORDER BY field",
					DB_ARGS(db_text(channel->name), db_text(message->kind)));
	json_t *data = json_object();
	const char *field, *value;

	while (db_next_row(r, DB_OUT(DB_VIEW("field", &field), DB_VIEW("value", &value)))) {
		struct buffer text = BUFFER_INIT;

		fit(value_of(message, value), room_of(field), &text);
		put(data, field, json_pack("{s:s}", "value", buffer_text(&text)));
		buffer_release(&text);
	}
	db_result_free(r);
	return data;
}

static void put_message_id(json_t *body, const char *key)
{
	uint8_t hash[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	digest_sha256(key, strlen(key), hash);
	hex_encode(hash, MESSAGE_ID_LEN / 2, hex);
	put(body, "client_msg_id", json_string(hex));
}

/* A number in the documents; quoted by some gateways; not always there. */
static void take_reference(const json_t *answer, struct service_report *report)
{
	const json_t *msgid = json_object_get(answer, "msgid");

	if (json_is_integer(msgid))
		snprintf(report->reference, sizeof(report->reference), "%lld",
			 (long long)json_integer_value(msgid));
	else if (json_is_string(msgid))
		snprintf(report->reference, sizeof(report->reference), "%s",
			 json_string_value(msgid));
}

/* One message on its way. */
struct sending {
	const struct wechat_account *account;
	const struct channel *channel;
	const struct wechat_template_message *message;
	const char *template_id;
	struct service_report *report;
};

static struct wechat_consent consent_of(const struct sending *s)
{
	return (struct wechat_consent){
		.appid = config_text(s->account->config, "wechat_appid"),
		.openid = s->message->openid,
		.template_id = s->template_id,
	};
}

/* The message is WeChat's now, and a consent that permits one is spent. */
static bool book(struct db *db, void *context)
{
	const struct sending *s = context;
	struct wechat_consent consent = consent_of(s);

	db_exec(db,
		"INSERT INTO wechat_message (idempotency_key, channel, kind, msgid, sent_at)"
		" VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))",
		DB_ARGS(db_text(s->message->key), db_text(s->channel->name),
			db_text(s->message->kind), db_text(s->report->reference)));
	if (s->channel->needs_consent)
		wechat_consent_spend(db, &consent);
	return true;
}

static bool withdraw(struct db *db, void *context)
{
	struct wechat_consent consent = consent_of(context);

	wechat_consent_withdraw(db, &consent);
	return true;
}

static json_t *body_of(const struct sending *s)
{
	json_t *body = json_object();

	put(body, "touser", json_string(s->message->openid));
	put(body, "template_id", json_string(s->template_id));
	if (s->message->url)
		put(body, s->channel->link, json_string(s->message->url));
	if (s->channel->has_message_id)
		put_message_id(body, s->message->key);
	put(body, "data", data_of(s->account, s->channel, s->message));
	return body;
}

static enum service_result send(struct sending *s)
{
	json_t *body = body_of(s), *answer = NULL;
	struct db *db = s->account->db;
	enum service_result result = wechat_call(s->account, s->channel->path, body, &answer,
						 s->report);

	if (result == SERVICE_OK) {
		take_reference(answer, s->report);
		if (db_transaction(db, book, s) != DB_DONE)
			die("a message was not kept: %s", db_refusal(db));
	} else if (s->report->code == NOT_AGREED) {
		if (db_transaction(db, withdraw, s) != DB_DONE)
			die("a consent was not kept: %s", db_refusal(db));
	}
	json_decref(answer);
	json_decref(body);
	return result;
}

static const struct channel *find_channel(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(channels); i++)
		if (!strcmp(channels[i].name, name))
			return &channels[i];
	return NULL;
}

static bool may_send(const struct sending *s)
{
	struct wechat_consent consent = consent_of(s);

	return !s->channel->needs_consent || wechat_consent_given(s->account->db, &consent);
}

static enum service_result say(struct service_report *report, const char *detail,
			       enum service_result result)
{
	snprintf(report->detail, sizeof(report->detail), "%s", detail);
	return result;
}

enum service_result wechat_notify(const struct wechat_account *a,
				  const struct wechat_template_message *message,
				  struct service_report *report)
{
	const char *name = config_text(a->config, "wechat_notify");
	const struct channel *channel = find_channel(name);
	struct buffer template_id = BUFFER_INIT;
	struct sending s = { a, channel, message, NULL, report };
	enum service_result result;

	memset(report, 0, sizeof(*report));
	if (!channel)
		return strcmp(name, "none") ?
			       say(report, "wechat_notify names no channel", SERVICE_ALARM) :
			       say(report, "channel=none", SERVICE_UNREACHABLE);
	if (db_exists(a->db,
		      "SELECT 1 FROM wechat_message m JOIN wechat_report r ON r.msgid = m.msgid"
		      " WHERE m.idempotency_key = ? AND NOT r.delivered",
		      DB_ARGS(db_text(message->key)))) {
		result = say(report, "reported as not delivered", SERVICE_UNREACHABLE);
	} else if (db_one(a->db, "SELECT msgid FROM wechat_message WHERE idempotency_key = ?",
			  DB_ARGS(db_text(message->key)),
			  DB_OUT(DB_TEXT("msgid", report->reference)))) {
		result = SERVICE_OK;
	} else if (!db_one(a->db,
			   "SELECT template_id FROM wechat_template"
			   " WHERE channel = ? AND kind = ?",
			   DB_ARGS(db_text(name), db_text(message->kind)),
			   DB_OUT(DB_BUFFER("template_id", &template_id)))) {
		result = say(report, "no template for this message", SERVICE_UNREACHABLE);
	} else if (!wechat_template_usable(a->config, buffer_text(&template_id))) {
		result = say(report, "its template is the demo's", SERVICE_UNREACHABLE);
	} else {
		s.template_id = buffer_text(&template_id);
		result = may_send(&s) ? send(&s) :
					say(report, "not agreed to be told", SERVICE_UNREACHABLE);
	}
	buffer_release(&template_id);
	return result;
}
