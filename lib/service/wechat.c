/* wechat.c: the authorise URL and the exchange of a code for an openid. */
#include "service/wechat.h"

#include <jansson.h>
#include <time.h>

#include "base/log.h"
#include "base/url.h"
#include "service/http.h"

#define BUSY_PAUSE_MS 300
#define ALPHANUMERIC "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* WeChat's numbers and what they mean for a log-in; all others are nonsense. */
static const struct {
	int errcode;
	enum wechat_result result;
} meanings[] = {
	{ -1, WECHAT_BUSY },
	{ 40001, WECHAT_REFUSES_US }, /* secret wrong */
	{ 40002, WECHAT_REFUSES_US }, /* grant_type */
	{ 40013, WECHAT_REFUSES_US }, /* appid wrong */
	{ 40029, WECHAT_CODE_INVALID },
	{ 40125, WECHAT_REFUSES_US }, /* secret wrong */
	{ 40163, WECHAT_CODE_USED },
	{ 40164, WECHAT_REFUSES_US }, /* our address is not on the list */
	{ 41002, WECHAT_REFUSES_US }, /* appid missing */
	{ 41004, WECHAT_REFUSES_US }, /* secret missing */
	{ 41008, WECHAT_CODE_INVALID }, /* code missing */
	{ 42003, WECHAT_CODE_INVALID }, /* code too old */
	{ 45009, WECHAT_BUSY }, /* quota of the day */
	{ 45011, WECHAT_BUSY }, /* quota of the minute */
	{ 48001, WECHAT_REFUSES_US }, /* interface not granted */
	{ 48004, WECHAT_REFUSES_US }, /* interface blocked */
	{ 50002, WECHAT_REFUSES_US },
};

void wechat_authorize_url(struct buffer *out, const char *authorize_url, const char *appid,
			  const char *redirect_uri, const char *state)
{
	buffer_puts(out, authorize_url);
	buffer_puts(out, "?appid=");
	url_encode(out, appid);
	buffer_puts(out, "&redirect_uri=");
	url_encode(out, redirect_uri);
	buffer_puts(out, "&response_type=code&scope=snsapi_base&state=");
	url_encode(out, state);
	buffer_puts(out, "#wechat_redirect");
}

static bool is_word(const char *text, size_t max)
{
	size_t n = strspn(text, ALPHANUMERIC "-_");

	return n > 0 && n <= max && !text[n];
}

bool wechat_is_code(const char *text)
{
	return is_word(text, WECHAT_CODE_MAX);
}

/* The request id within an errmsg ("invalid code, rid: 5f8e-…"); it is what
 * WeChat's support asks for. The rest of the text is not ours to log. */
static void log_refusal(json_int_t errcode, const char *errmsg)
{
	const char *rid = errmsg ? strstr(errmsg, "rid: ") : NULL;
	int n = rid ? (int)strspn(rid + 5, "0123456789abcdefABCDEF-") : 0;

	log_line(LOG_FAULT, "wechat.refused", "errcode=%lld rid=%.*s", (long long)errcode,
		 n > 64 ? 64 : n, rid ? rid + 5 : "");
}

static enum wechat_result meaning_of(const json_t *answer, json_int_t errcode)
{
	log_refusal(errcode, json_string_value(json_object_get(answer, "errmsg")));
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (meanings[i].errcode == errcode)
			return meanings[i].result;
	return WECHAT_NONSENSE;
}

/* WeChat writes 1; some of its gateways write "1" or true. */
static bool is_snapshot(const json_t *flag)
{
	const char *text = json_string_value(flag);

	if (text)
		return strcmp(text, "0") != 0;
	return json_is_true(flag) || json_integer_value(flag) != 0;
}

static enum wechat_result user_of(const json_t *answer, struct wechat_user *user)
{
	const json_t *errcode = json_object_get(answer, "errcode");
	const char *openid = json_string_value(json_object_get(answer, "openid"));

	if (errcode && !json_is_integer(errcode))
		return WECHAT_NONSENSE;
	if (json_integer_value(errcode))
		return meaning_of(answer, json_integer_value(errcode));
	if (is_snapshot(json_object_get(answer, "is_snapshotuser")))
		return WECHAT_SNAPSHOT;
	if (!openid || !is_word(openid, WECHAT_OPENID_MAX))
		return WECHAT_NONSENSE;
	snprintf(user->openid, sizeof(user->openid), "%s", openid);
	return WECHAT_OK;
}

enum wechat_result wechat_read_user(const char *json, size_t n, struct wechat_user *user)
{
	json_t *answer = json_loadb(json ? json : "", n, JSON_REJECT_DUPLICATES, NULL);
	enum wechat_result result = WECHAT_NONSENSE;

	if (json_is_object(answer))
		result = user_of(answer, user);
	if (result == WECHAT_NONSENSE)
		log_line(LOG_FAULT, "wechat.nonsense", "bytes=%zu", n);
	json_decref(answer);
	return result;
}

static enum wechat_result exchange_once(const char *url, struct wechat_user *user)
{
	struct http_answer answer;
	enum http_result sent = http_get(url, WECHAT_ANSWER_MAX, &answer);
	enum wechat_result result = WECHAT_AWAY;

	if (sent == HTTP_OK && answer.status == 200)
		result = wechat_read_user(answer.body.data, answer.body.len, user);
	else
		log_line(LOG_FAULT, "wechat.away", "result=%s status=%ld", http_result_names[sent],
			 answer.status);
	buffer_wipe(&answer.body);
	return result;
}

enum wechat_result wechat_exchange(const struct config *config, const char *code,
				   struct wechat_user *user)
{
	const struct timespec pause = { .tv_nsec = BUSY_PAUSE_MS * 1000000L };
	struct buffer url = BUFFER_INIT;
	enum wechat_result result;

	buffer_puts(&url, config_text(config, "wechat_api_url"));
	buffer_puts(&url, "/sns/oauth2/access_token?appid=");
	url_encode(&url, config_text(config, "wechat_appid"));
	buffer_puts(&url, "&secret=");
	url_encode(&url, config_text(config, "wechat_secret"));
	buffer_puts(&url, "&code=");
	url_encode(&url, code);
	buffer_puts(&url, "&grant_type=authorization_code");
	result = exchange_once(buffer_text(&url), user);
	if (result == WECHAT_BUSY) {
		nanosleep(&pause, NULL);
		result = exchange_once(buffer_text(&url), user);
	}
	buffer_wipe(&url);
	return result;
}
