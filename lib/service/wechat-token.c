/* wechat-token.c: the official account's token. */
#include "service/wechat-call.h"

#include "base/die.h"
#include "service/token.h"

#define OVERLAP_S 300 /* the old one works so long beside the new one */
#define LIFE_MAX_S 7200
#define RETREAT_S 1
#define NAME_SIZE 64

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

static enum service_result fetch(const void *context, struct buffer *token, int64_t *life_s,
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
	if (result == SERVICE_OK) {
		const char *text = json_string_value(json_object_get(answer, "access_token"));

		buffer_puts(token, text ? text : "");
		*life_s = json_integer_value(json_object_get(answer, "expires_in"));
	}
	json_decref(answer);
	json_decref(body);
	buffer_release(&address);
	return result;
}

static struct token_source source_of(const struct wechat_account *a, char name[NAME_SIZE])
{
	if (snprintf(name, NAME_SIZE, "wechat:%s", appid(a)) >= NAME_SIZE)
		die("wechat_appid is too long");
	return (struct token_source){
		.name = name,
		.life_max_s = LIFE_MAX_S,
		.overlap_s = OVERLAP_S,
		.retreat_s = RETREAT_S,
		.fetch = fetch,
		.context = a,
	};
}

enum service_result wechat_token_take(const struct wechat_account *a, struct buffer *token,
				      int64_t *generation, struct service_report *report)
{
	char name[NAME_SIZE];
	struct token_source source = source_of(a, name);

	return token_take(a->db, a->vault, &source, token, generation, report);
}

void wechat_token_drop(const struct wechat_account *a, int64_t generation)
{
	char name[NAME_SIZE];
	struct token_source source = source_of(a, name);

	token_drop(a->db, &source, generation);
}

enum service_result wechat_token(const struct wechat_account *a, struct buffer *token,
				 struct service_report *report)
{
	int64_t generation;

	return wechat_token_take(a, token, &generation, report);
}
