/* wechat.c: stands in for WeChat on the wire: log-in page, code, tokens. */
#include "wechat.h"

#include <jansson.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/ceilings.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "wechat-code.h"

#define TOKEN_SECONDS 7200
#define SLOW_SECONDS 12
#define HUGE_BYTES (64 * 1024)

/* WeChat's numbers, in its own words. */
static const struct {
	int errcode;
	const char *errmsg;
} errors[] = {
	{ -1, "system error" },     { 40002, "invalid grant_type" }, { 40013, "invalid appid" },
	{ 40029, "invalid code" },  { 40125, "invalid appsecret" },  { 40163, "code been used" },
	{ 41002, "appid missing" }, { 41004, "appsecret missing" },  { 41008, "missing code" },
	{ 42003, "code expired" },  { 47001, "data format error" },
};

static void answer_json(struct sandbox *s, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	if (!text)
		die("json_dumps failed");
	s->reply.type = "application/json; charset=utf-8";
	buffer_puts(&s->reply.body, text);
	free(text);
	json_decref(json);
}

static void answer_error(struct sandbox *s, int errcode)
{
	const char *errmsg = "";
	uint8_t random[12];
	char hex[2 * sizeof(random) + 1], *text;

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].errcode == errcode)
			errmsg = errors[i].errmsg;
	random_bytes(random, sizeof(random));
	hex_encode(random, sizeof(random), hex);
	text = xprintf("%s, rid: %.8s-%.8s-%.8s", errmsg, hex, hex + 8, hex + 16);
	answer_json(s, json_pack("{s:i, s:s}", "errcode", errcode, "errmsg", text));
	free(text);
}

/* 0, or WeChat's number for what is wrong with appid and secret. */
static int credential_error(const struct sandbox *s, const char *appid, const char *secret)
{
	if (!appid)
		return 41002;
	if (strcmp(appid, config_text(s->config, "wechat_appid")) != 0)
		return 40013;
	if (!secret)
		return 41004;
	return strcmp(secret, config_text(s->config, "wechat_secret")) ? 40125 : 0;
}

static void trick_busy(struct sandbox *s)
{
	answer_error(s, -1);
}

static void trick_used(struct sandbox *s)
{
	answer_error(s, 40163);
}

static void trick_garbage(struct sandbox *s)
{
	buffer_puts(&s->reply.body, "<html>502 Bad Gateway</html>");
}

static void trick_nameless(struct sandbox *s)
{
	answer_json(s, json_pack("{s:s, s:i}", "access_token", "t", "expires_in", TOKEN_SECONDS));
}

static void trick_slow(struct sandbox *s)
{
	sleep(SLOW_SECONDS);
	answer_error(s, -1);
}

static void trick_huge(struct sandbox *s)
{
	s->reply.type = "application/json; charset=utf-8";
	buffer_puts(&s->reply.body, "{\"openid\":\"huge\",\"padding\":\"");
	memset(buffer_room(&s->reply.body, HUGE_BYTES), 'x', HUGE_BYTES);
	s->reply.body.len += HUGE_BYTES;
	buffer_puts(&s->reply.body, "\"}");
}

/* An openid that begins like this makes the exchange go wrong. */
static const struct {
	const char *prefix;
	void (*play)(struct sandbox *);
} tricks[] = {
	{ "busy-", trick_busy },         { "used-", trick_used }, { "garbage-", trick_garbage },
	{ "nameless-", trick_nameless }, { "slow-", trick_slow }, { "huge-", trick_huge },
};

static bool begins(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static void answer_user(struct sandbox *s, const char *openid)
{
	json_t *user = json_pack("{s:s, s:i, s:s, s:s, s:s}", "access_token", "sandbox-access",
				 "expires_in", TOKEN_SECONDS, "refresh_token", "sandbox-refresh",
				 "openid", openid, "scope", "snsapi_base");

	if (begins(openid, "snapshot-"))
		json_object_set_new(user, "is_snapshotuser", json_integer(1));
	answer_json(s, user);
}

static void exchange(struct sandbox *s, const char *code)
{
	char openid[CODE_OPENID_MAX + 1];
	enum code_result read = code_read(s->config, code, time(NULL), openid);

	if (read != CODE_GOOD) {
		answer_error(s, read == CODE_EXPIRED ? 42003 : 40029);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(tricks); i++)
		if (begins(openid, tricks[i].prefix)) {
			tricks[i].play(s);
			return;
		}
	if (begins(openid, "hiccup-") && code_mark(code, "hiccup"))
		answer_error(s, -1);
	else if (!code_mark(code, "spent"))
		answer_error(s, 40163);
	else
		answer_user(s, openid);
}

static void access_token(struct sandbox *s)
{
	const char *code = request_query(s->request, "code");
	const char *grant = request_query(s->request, "grant_type");
	int wrong = credential_error(s, request_query(s->request, "appid"),
				     request_query(s->request, "secret"));

	if (wrong)
		answer_error(s, wrong);
	else if (!code || !*code)
		answer_error(s, 41008);
	else if (!grant || strcmp(grant, "authorization_code") != 0)
		answer_error(s, 40002);
	else
		exchange(s, code);
}

static void answer_token(struct sandbox *s, const char *token)
{
	answer_json(s, json_pack("{s:s, s:i}", "access_token", token, "expires_in", TOKEN_SECONDS));
}

static void token(struct sandbox *s)
{
	const char *grant = request_query(s->request, "grant_type");
	int wrong = credential_error(s, request_query(s->request, "appid"),
				     request_query(s->request, "secret"));
	char fresh[PUBLIC_ID_SIZE];

	if (wrong || !grant || strcmp(grant, "client_credential") != 0) {
		answer_error(s, wrong ? wrong : 40002);
		return;
	}
	random_public_id(fresh);
	answer_token(s, fresh);
}

/* The same token all through its two hours. */
static void stable_token(struct sandbox *s)
{
	const char *secret = config_text(s->config, "wechat_secret");
	json_t *asked = json_loadb(buffer_text(&s->request->body), s->request->body.len, 0, NULL);
	const char *grant = json_string_value(json_object_get(asked, "grant_type"));
	int wrong = asked ? credential_error(s, json_string_value(json_object_get(asked, "appid")),
					     json_string_value(json_object_get(asked, "secret"))) :
			    47001;
	int64_t turn = time(NULL) / TOKEN_SECONDS;
	uint8_t mac[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	if (wrong || !grant || strcmp(grant, "client_credential") != 0) {
		answer_error(s, wrong ? wrong : 40002);
		json_decref(asked);
		return;
	}
	digest_hmac_sha256(secret, strlen(secret), &turn, sizeof(turn), mac);
	hex_encode(mac, sizeof(mac), hex);
	answer_token(s, hex);
	json_decref(asked);
}

static const struct {
	const char *path;
	enum request_method method;
	void (*answer)(struct sandbox *);
} routes[] = {
	{ "/connect/oauth2/authorize", METHOD_GET, wechat_authorize },
	{ "/connect/oauth2/choose", METHOD_GET, wechat_choose },
	{ "/sns/oauth2/access_token", METHOD_GET, access_token },
	{ "/cgi-bin/token", METHOD_GET, token },
	{ "/cgi-bin/stable_token", METHOD_POST, stable_token },
};

static void answer(struct sandbox *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++)
		if (!strcmp(routes[i].path, s->request->path_info) &&
		    routes[i].method == s->request->method) {
			routes[i].answer(s);
			return;
		}
	s->reply.status = 404;
	buffer_puts(&s->reply.body, "no such interface\n");
	s->reply.type = "text/plain; charset=utf-8";
}

int main(void)
{
	struct sandbox s = { .config = config_open(), .request = request_new() };
	char number[PUBLIC_ID_SIZE];

	random_public_id(number);
	log_identify("sandbox/wechat", number);
	reply_init(&s.reply);
	if (!config_flag(s.config, "demo"))
		die("the sandbox runs only where demo = yes");
	if (request_read_head(s.request) != REQUEST_OK ||
	    (s.request->method == METHOD_POST &&
	     request_read_body(s.request, STDIN_FILENO, FORM_BODY_MAX, true) != REQUEST_OK))
		wechat_refuse(&s, "看不懂这个请求。");
	else
		answer(&s);
	reply_send(&s.reply, false);
	_exit(0); /* one request: what is held goes with the process */
}
