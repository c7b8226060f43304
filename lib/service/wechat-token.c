/* wechat-token.c: what WeChat lends for two hours: the account's token and ticket. */
#include "service/wechat-call.h"

#include "base/die.h"
#include "service/token.h"
#include "service/wechat-jssdk.h"

#define OVERLAP_S 300 /* the old one works so long beside the new one */
#define LIFE_MAX_S 7200
#define RETREAT_S 1

struct write {
	const char *sql;
	struct db_args args;
	long changed;
};

static bool write_once(struct db *db, void *context)
{
	struct write *w = context;

	w->changed = db_exec(db, w->sql, w->args);
	return true;
}

long wechat_write(struct db *db, const char *sql, struct db_args args)
{
	struct write w = { sql, args, 0 };

	if (db_transaction(db, write_once, &w) != DB_DONE)
		die("a write was refused: %s", db_refusal(db));
	return w.changed;
}

static const char *appid(const struct wechat_account *a)
{
	return config_text(a->config, "wechat_appid");
}

/* An answer's token and its life, taken out of the JSON that came. */
static void take(json_t *answer, const char *member, struct buffer *token, int64_t *life_s)
{
	const char *text = json_string_value(json_object_get(answer, member));

	buffer_puts(token, text ? text : "");
	*life_s = json_integer_value(json_object_get(answer, "expires_in"));
	json_decref(answer);
}

static enum service_result fetch_token(const void *context, struct buffer *token, int64_t *life_s,
				       struct service_report *report)
{
	const struct wechat_account *a = context;
	json_t *body = json_pack("{s:s, s:s, s:s}", "grant_type", "client_credential", "appid",
				 appid(a), "secret", config_text(a->config, "wechat_secret"));
	struct buffer address = BUFFER_INIT;
	enum service_result result;
	json_t *answer;

	if (!body)
		die("no JSON for a token");
	buffer_printf(&address, "%s/cgi-bin/stable_token",
		      config_text(a->config, "wechat_api_url"));
	result = wechat_ask(address.data, body, &answer, report);
	if (result == SERVICE_OK)
		take(answer, "access_token", token, life_s);
	json_decref(body);
	buffer_release(&address);
	return result;
}

static enum service_result fetch_ticket(const void *context, struct buffer *token, int64_t *life_s,
					struct service_report *report)
{
	json_t *answer;
	enum service_result result = wechat_call(context, "/cgi-bin/ticket/getticket?type=jsapi",
						 NULL, &answer, report);

	if (result == SERVICE_OK)
		take(answer, "ticket", token, life_s);
	return result;
}

static void token_name(const char *id, struct buffer *out)
{
	buffer_printf(out, "wechat:%s", id);
}

/* What is lent: under which name it is kept, how it is fetched, and how long
 * that may take: a ticket's call may itself wait for a token. */
static const struct {
	void (*name)(const char *appid, struct buffer *out);
	enum service_result (*fetch)(const void *, struct buffer *, int64_t *,
				     struct service_report *);
	int claim_s;
} kinds[WECHAT_TOKEN_COUNT] = {
	[WECHAT_ACCESS_TOKEN] = { token_name, fetch_token, 0 },
	[WECHAT_JSAPI_TICKET] = { wechat_ticket_name, fetch_ticket, 60 },
};

/* `name` holds the name of the row, and is the caller's to release. */
static struct token_source source_of(const struct wechat_account *a, enum wechat_token_kind kind,
				     struct buffer *name)
{
	kinds[kind].name(appid(a), name);
	return (struct token_source){
		.name = name->data,
		.life_max_s = LIFE_MAX_S,
		.overlap_s = OVERLAP_S,
		.retreat_s = RETREAT_S,
		.claim_s = kinds[kind].claim_s,
		.fetch = kinds[kind].fetch,
		.context = a,
	};
}

enum service_result wechat_token_take(const struct wechat_account *a, enum wechat_token_kind kind,
				      struct buffer *token, int64_t *generation,
				      struct service_report *report)
{
	struct buffer name = BUFFER_INIT;
	struct token_source source = source_of(a, kind, &name);
	enum service_result result = token_take(a->db, a->vault, &source, token, generation,
						report);

	buffer_release(&name);
	return result;
}

void wechat_token_drop(const struct wechat_account *a, int64_t generation)
{
	struct buffer name = BUFFER_INIT;
	struct token_source source = source_of(a, WECHAT_ACCESS_TOKEN, &name);

	token_drop(a->db, &source, generation);
	buffer_release(&name);
}

enum service_result wechat_token(const struct wechat_account *a, struct buffer *token,
				 struct service_report *report)
{
	int64_t generation;

	return wechat_token_take(a, WECHAT_ACCESS_TOKEN, token, &generation, report);
}

enum service_result wechat_ticket(const struct wechat_account *a, struct buffer *ticket,
				  struct service_report *report)
{
	int64_t generation;

	return wechat_token_take(a, WECHAT_JSAPI_TICKET, ticket, &generation, report);
}
