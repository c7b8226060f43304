/* wechat.c: stands in for WeChat on the wire: log-in page, code, tokens. */
#include "wechat.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/ceilings.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/utf8.h"
#include "wechat-code.h"

#define TOKEN_SECONDS 7200
#define OVERLAP_SECONDS 300
#define SLOW_SECONDS 12
#define HUGE_BYTES (64 * 1024)

/* WeChat's numbers, in its own words. */
static const struct {
	int errcode;
	const char *errmsg;
} errors[] = {
	{ -1, "system error" },
	{ 40001, "invalid credential, access_token is invalid or not latest" },
	{ 40002, "invalid grant_type" },
	{ 40003, "invalid openid" },
	{ 40013, "invalid appid" },
	{ 40016, "invalid button size" },
	{ 40017, "invalid button type" },
	{ 40018, "invalid button name size" },
	{ 40019, "invalid button key size" },
	{ 40020, "invalid button url size" },
	{ 40023, "invalid sub button size" },
	{ 40029, "invalid code" },
	{ 40033, "invalid charset. please check your request, if include \\uxxxx" },
	{ 40037, "invalid template_id" },
	{ 40053, "invalid action info" },
	{ 40097, "invalid args" },
	{ 40125, "invalid appsecret" },
	{ 40163, "code been used" },
	{ 41001, "access_token missing" },
	{ 41002, "appid missing" },
	{ 41004, "appsecret missing" },
	{ 41008, "missing code" },
	{ 42001, "access_token expired" },
	{ 42003, "code expired" },
	{ 43004, "require subscribe" },
	{ 43019, "require remove blacklist" },
	{ 43101, "user refuse to accept the msg" },
	{ 45009, "reach max api daily quota limit" },
	{ 46003, "menu no exist" },
	{ 47001, "data format error" },
	{ 47003, "argument invalid!" },
	{ 50002, "user limited" },
};

void answer_json(struct sim *s, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	if (!text)
		die("json_dumps failed");
	s->reply.type = "application/json; charset=utf-8";
	buffer_puts(&s->reply.body, text);
	free(text);
	json_decref(json);
}

void answer_error(struct sim *s, int errcode)
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

/* 0, or WeChat's number for an error in appid or secret. */
static int credential_error(const struct sim *s, const char *appid, const char *secret)
{
	if (!appid)
		return 41002;
	if (strcmp(appid, config_text(s->config, "wechat_appid")) != 0)
		return 40013;
	if (!secret)
		return 41004;
	return strcmp(secret, config_text(s->config, "wechat_secret")) ? 40125 : 0;
}

static void trick_busy(struct sim *s)
{
	answer_error(s, -1);
}

static void trick_used(struct sim *s)
{
	answer_error(s, 40163);
}

static void trick_garbage(struct sim *s)
{
	buffer_puts(&s->reply.body, "<html>502 Bad Gateway</html>");
}

static void trick_nameless(struct sim *s)
{
	answer_json(s, json_pack("{s:s, s:i}", "access_token", "t", "expires_in", TOKEN_SECONDS));
}

static void trick_slow(struct sim *s)
{
	sleep(SLOW_SECONDS);
	answer_error(s, -1);
}

static void trick_huge(struct sim *s)
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
	void (*play)(struct sim *);
} tricks[] = {
	{ "busy-", trick_busy },         { "used-", trick_used }, { "garbage-", trick_garbage },
	{ "nameless-", trick_nameless }, { "slow-", trick_slow }, { "huge-", trick_huge },
};

static bool begins(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static void answer_user(struct sim *s, const char *openid)
{
	json_t *user = json_pack("{s:s, s:i, s:s, s:s, s:s}", "access_token", "sim-access",
				 "expires_in", TOKEN_SECONDS, "refresh_token", "sim-refresh",
				 "openid", openid, "scope", "snsapi_base");

	if (begins(openid, "snapshot-"))
		json_object_set_new(user, "is_snapshotuser", json_integer(1));
	answer_json(s, user);
}

static void exchange(struct sim *s, const char *code)
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

static void access_token(struct sim *s)
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

static void answer_token(struct sim *s, const char *token)
{
	answer_json(s, json_pack("{s:s, s:i}", "access_token", token, "expires_in", TOKEN_SECONDS));
}

static void token(struct sim *s)
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
	code_mark(fresh, "token");
	answer_token(s, fresh);
}

/* An empty file for each rotation makes all of them others. */
void turn_secret(const struct sim *s, const char *label, int64_t turn, char out[SECRET_TEXT_SIZE])
{
	const char *secret = config_text(s->config, "wechat_secret");
	char *path = sim_path("rotated"), *seed;
	struct stat st;
	uint8_t mac[SHA256_SIZE];
	bool rotated = !stat(path, &st);

	seed = xprintf("%s %lld %lld %ld", label, (long long)turn,
		       rotated ? (long long)st.st_mtim.tv_sec : 0LL,
		       rotated ? st.st_mtim.tv_nsec : 0L);
	digest_hmac_sha256(secret, strlen(secret), seed, strlen(seed), mac);
	hex_encode(mac, sizeof(mac), out);
	free(seed);
	free(path);
}

/* That of this turn, for five minutes also that of the last, or a classic one. */
bool token_good(const struct sim *s, const char *token)
{
	int64_t now = time(NULL), turn = now / TOKEN_SECONDS;
	char hex[SECRET_TEXT_SIZE];

	turn_secret(s, "token", turn, hex);
	if (!strcmp(token, hex))
		return true;
	turn_secret(s, "token", turn - 1, hex);
	return (now % TOKEN_SECONDS < OVERLAP_SECONDS && !strcmp(token, hex)) ||
	       code_is_marked(token, "token");
}

/* The same token all through its two hours. */
static void stable_token(struct sim *s)
{
	json_t *asked = json_loadb(buffer_text(&s->request->body), s->request->body.len, 0, NULL);
	const char *grant = json_string_value(json_object_get(asked, "grant_type"));
	int wrong = asked ? credential_error(s, json_string_value(json_object_get(asked, "appid")),
					     json_string_value(json_object_get(asked, "secret"))) :
			    47001;
	char hex[SECRET_TEXT_SIZE];

	if (wrong || !grant || strcmp(grant, "client_credential") != 0) {
		answer_error(s, wrong ? wrong : 40002);
		json_decref(asked);
		return;
	}
	turn_secret(s, "token", time(NULL) / TOKEN_SECONDS, hex);
	answer_token(s, hex);
	json_decref(asked);
}

json_t *asked_json(struct sim *s)
{
	const struct buffer *body = &s->request->body;
	bool escaped = strstr(buffer_text(body), "\\u") ||
		       !utf8_valid(buffer_text(body), body->len);
	json_t *asked = escaped ? NULL : json_loadb(buffer_text(body), body->len, 0, NULL);

	if (json_is_object(asked))
		return asked;
	json_decref(asked);
	answer_error(s, escaped ? 40033 : 47001);
	return NULL;
}

/* `interface`: the name under which faults are injected; `token`: whether required. */
static const struct {
	const char *path;
	enum request_method method;
	void (*answer)(struct sim *);
	const char *interface;
	bool token;
} routes[] = {
	{ "/connect/oauth2/authorize", METHOD_GET, wechat_authorize, NULL, false },
	{ "/connect/oauth2/choose", METHOD_GET, wechat_choose, NULL, false },
	{ "/sns/oauth2/access_token", METHOD_GET, access_token, NULL, false },
	{ "/cgi-bin/token", METHOD_GET, token, "token", false },
	{ "/cgi-bin/stable_token", METHOD_POST, stable_token, "token", false },
	{ "/cgi-bin/message/template/send", METHOD_POST, wechat_send_template, "send", true },
	{ "/cgi-bin/message/subscribe/bizsend", METHOD_POST, wechat_send_subscription, "send",
	  true },
	{ "/cgi-bin/qrcode/create", METHOD_POST, wechat_create_code, "qrcode", true },
	{ "/cgi-bin/showqrcode", METHOD_GET, wechat_show_code, NULL, false },
	{ "/cgi-bin/menu/create", METHOD_POST, wechat_create_menu, "menu", true },
	{ "/cgi-bin/menu/get", METHOD_GET, wechat_get_menu, "menu", true },
	{ "/cgi-bin/ticket/getticket", METHOD_GET, wechat_get_ticket, "ticket", true },
	{ "/js/config", METHOD_GET, wechat_js_config, NULL, false },
	{ "/faults", METHOD_GET, wechat_set_faults, NULL, false },
};

static void follow(struct sim *s, size_t route)
{
	const char *token = request_query(s->request, "access_token");

	if (routes[route].interface && faults_before(s, routes[route].interface))
		return;
	if (routes[route].token && !token)
		answer_error(s, 41001);
	else if (routes[route].token && !token_good(s, token))
		answer_error(s, 40001);
	else
		routes[route].answer(s);
	faults_after(s);
}

static void answer(struct sim *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(routes); i++)
		if (!strcmp(routes[i].path, s->request->path_info) &&
		    routes[i].method == s->request->method) {
			follow(s, i);
			return;
		}
	s->reply.status = 404;
	buffer_puts(&s->reply.body, "no such interface\n");
	s->reply.type = "text/plain; charset=utf-8";
}

int main(void)
{
	struct sim s = { .config = config_open(), .request = request_new() };
	char number[PUBLIC_ID_SIZE];

	random_public_id(number);
	log_identify("sim/wechat", number);
	reply_init(&s.reply);
	if (!config_flag(s.config, "demo"))
		die("the sim runs only where demo = yes");
	if (request_read_head(s.request) != REQUEST_OK ||
	    (s.request->method == METHOD_POST &&
	     request_read_body(s.request, STDIN_FILENO, FORM_BODY_MAX, true) != REQUEST_OK))
		wechat_refuse(&s, "看不懂这个请求。");
	else
		answer(&s);
	reply_send(&s.reply, false);
	_exit(0); /* one request: memory ends with the process */
}
