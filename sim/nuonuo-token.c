/* nuonuo-token.c: the sim's tokens, of which there are few. */
#include "nuonuo.h"

#include <time.h>

#include "base/die.h"
#include "base/digest.h"

#define TOKEN_SECONDS 86400
#define LIMIT 50
#define LIMIT_SECONDS (30 * 86400)

static bool field_is(const struct core *s, const char *name, const char *wanted)
{
	const char *given = request_field(s->request, name);

	return given && !strcmp(given, wanted);
}

static void refuse(struct core *s, const char *code, const char *words)
{
	core_json(s, json_pack("{s:s, s:s}", "error", code, "error_description", words));
}

/* Those that were given out within the last thirty days, one more if it may be. */
static bool give(const struct core *s, const char *token)
{
	json_t *old = core_load(s, "tokens", "given"), *kept = json_array();
	json_int_t now = time(NULL);
	bool given = false;

	for (size_t i = 0; i < json_array_size(old); i++)
		if (json_integer_value(json_object_get(json_array_get(old, i), "at")) >
		    now - LIMIT_SECONDS)
			json_array_append(kept, json_array_get(old, i));
	if (json_array_size(kept) < LIMIT) {
		json_array_append_new(kept, json_pack("{s:s, s:I}", "token", token, "at", now));
		core_save(s, "tokens", "given", kept);
		given = true;
	}
	json_decref(old);
	json_decref(kept);
	return given;
}

void nuonuo_token(struct core *s)
{
	char fault[21], token[PUBLIC_ID_SIZE];
	bool given;
	int lock;

	core_fault(s, "token", fault);
	if (core_play(s, fault))
		return;
	if (!field_is(s, "client_id", config_text(s->config, "nuonuo_app_key")) ||
	    !field_is(s, "client_secret", config_text(s->config, "nuonuo_app_secret")) ||
	    !field_is(s, "grant_type", "client_credentials")) {
		refuse(s, "070304", "应用不存在或密钥错误");
		return;
	}
	random_public_id(token);
	lock = core_lock(s);
	given = strcmp(fault, "limit") != 0 && give(s, token);
	core_unlock(lock);
	if (given)
		core_json(s, json_pack("{s:s, s:i}", "access_token", token, "expires_in",
				       TOKEN_SECONDS));
	else
		refuse(s, "070306", "令牌获取次数超过上限");
}

bool nuonuo_token_good(const struct core *s, const char *token)
{
	int lock = core_lock(s);
	json_t *given = core_load(s, "tokens", "given");
	bool good = false;

	for (size_t i = 0; i < json_array_size(given); i++) {
		const json_t *one = json_array_get(given, i);
		const char *text = json_string_value(json_object_get(one, "token"));

		good |= text && !strcmp(text, token) &&
			json_integer_value(json_object_get(one, "at")) > time(NULL) - TOKEN_SECONDS;
	}
	json_decref(given);
	core_unlock(lock);
	return good;
}
