/* wechat-user.c: plays a WeChat user who follows, scans, taps or writes. */
#include "base/base.h"

#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/config.h"
#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/url.h"
#include "frame.h"
#include "page/reply.h"
#include "page/request.h"
#include "service/http.h"
#include "service/wechat-crypto.h"
#include "service/wechat-message.h"
#include "wechat-code.h"

#define SELF "/sim/wechat-user"
#define ACCOUNT "gh_sim000000000"
#define ANSWER_MAX (64 * 1024)

struct user {
	const struct config *config;
	struct request *request;
	struct reply reply;
	uint8_t key[WECHAT_KEY_SIZE];
	char openid[CODE_OPENID_MAX + 1]; /* typed, or the user who logged in with this browser */
};

/* What one can do; the event's key is what was scanned or tapped. Who is asked
 * for subscriptions answers for all templates at once. */
static const struct {
	const char *act, *label, *event, *event_key;
	bool scans;
	const char *status, *list; /* of an answer, and where it stands */
} acts[] = {
	{ "follow", "关注", "subscribe", "", false, NULL, NULL },
	{ "follow-scan", "扫码关注", "subscribe", "qrscene_", true, NULL, NULL },
	{ "scan", "已关注，扫码", "SCAN", "", true, NULL, NULL },
	{ "mine", "点菜单：我的业务", "CLICK", "mine", false, NULL, NULL },
	{ "start", "点菜单：办理", "CLICK", "start", false, NULL, NULL },
	{ "help", "点菜单：帮助", "CLICK", "help", false, NULL, NULL },
	{ "text", "发送文字", NULL, NULL, false, NULL, NULL },
	{ "subscribe-accept", "允许订阅通知", "subscribe_msg_popup_event", NULL, false, "accept",
	  "SubscribeMsgPopupEvent" },
	{ "subscribe-reject", "拒绝订阅通知", "subscribe_msg_popup_event", NULL, false, "reject",
	  "SubscribeMsgPopupEvent" },
	{ "subscribe-change", "在设置里关掉订阅通知", "subscribe_msg_change_event", NULL, false,
	  "reject", "SubscribeMsgChangeEvent" },
};

static const char *field(const struct user *u, const char *name)
{
	const char *value = request_field(u->request, name);

	return value ? value : "";
}

/* The answer for one template, as the service hears it and as the sim
 * remembers it. */
static void write_answer(const struct user *u, struct markup *m, size_t act, const char *id)
{
	char *code = code_consent(u->openid, id);

	if (!strcmp(acts[act].status, "accept"))
		code_mark(code, CODE_ACCEPTED);
	else
		code_unmark(code, CODE_ACCEPTED);
	free(code);
	markup_open(m, "List", NULL);
	markup_element(m, "TemplateId", id, NULL);
	markup_element(m, "SubscribeStatusString", acts[act].status, NULL);
	markup_element(m, "PopupScene", "2", NULL);
	markup_close(m, "List");
}

static void write_answers(const struct user *u, struct markup *m, size_t act)
{
	char *ids = xstrdup(field(u, "templates")), *rest = ids;

	markup_open(m, acts[act].list, NULL);
	for (char *id; (id = strsep(&rest, ","));)
		if (*id)
			write_answer(u, m, act, id);
	markup_close(m, acts[act].list);
	free(ids);
}

/* The message as WeChat writes it, but for its CDATA sections, which say the
 * same as escaped text. */
static void write_message(const struct user *u, size_t act, struct buffer *out)
{
	struct markup *m = markup_new(false);
	const char *bytes;
	uint64_t random;
	size_t n;

	random_bytes(&random, sizeof(random));
	markup_open(m, "xml", NULL);
	markup_element(m, "ToUserName", ACCOUNT, NULL);
	markup_element(m, "FromUserName", u->openid, NULL);
	markup_open(m, "CreateTime", NULL);
	markup_printf(m, "%lld", (long long)time(NULL));
	markup_close(m, "CreateTime");
	markup_element(m, "MsgType", acts[act].event ? "event" : "text", NULL);
	if (acts[act].list) {
		markup_element(m, "Event", acts[act].event, NULL);
		write_answers(u, m, act);
	} else if (acts[act].event) {
		markup_element(m, "Event", acts[act].event, NULL);
		markup_open(m, "EventKey", NULL);
		markup_text(m, acts[act].event_key);
		markup_text(m, acts[act].scans ? field(u, "scene") : "");
		markup_close(m, "EventKey");
	} else {
		markup_element(m, "Content", field(u, "text"), NULL);
		markup_open(m, "MsgId", NULL);
		markup_printf(m, "%llu", (unsigned long long)(random >> 2));
		markup_close(m, "MsgId");
	}
	bytes = markup_finish(m, &n);
	buffer_add(out, bytes, n);
	markup_free(m);
}

static void add_query(struct buffer *url, const char *name, const char *value)
{
	buffer_printf(url, "&%s=", name);
	url_encode(url, value);
}

/* Sealed, signed and addressed as in secure mode. */
static void seal(const struct user *u, const struct buffer *xml, struct buffer *url,
		 struct buffer *body)
{
	struct buffer encrypt = BUFFER_INIT;
	uint8_t prefix[WECHAT_PREFIX_SIZE];
	char now[24], nonce[PUBLIC_ID_SIZE], signature[WECHAT_SIGNATURE_LEN + 1];
	const char *parts[4] = { config_text(u->config, "wechat_token"), now, nonce };
	struct markup *m = markup_new(false);
	const char *bytes;
	size_t n;

	snprintf(now, sizeof(now), "%lld", (long long)time(NULL));
	random_public_id(nonce);
	random_bytes(prefix, sizeof(prefix));
	wechat_encrypt(u->key, config_text(u->config, "wechat_appid"), prefix, xml->data, xml->len,
		       &encrypt);
	parts[3] = encrypt.data;
	buffer_printf(url, "%s/push/wechat?encrypt_type=aes", config_text(u->config, "public_url"));
	wechat_sign(parts, 3, signature);
	add_query(url, "signature", signature);
	wechat_sign(parts, 4, signature);
	add_query(url, "msg_signature", signature);
	add_query(url, "timestamp", now);
	add_query(url, "nonce", nonce);
	markup_open(m, "xml", NULL);
	markup_element(m, "ToUserName", ACCOUNT, NULL);
	markup_element(m, "Encrypt", encrypt.data, NULL);
	bytes = markup_finish(m, &n);
	buffer_add(body, bytes, n);
	markup_free(m);
	buffer_release(&encrypt);
}

/* The account's reply: its text, or that it is empty. */
static void read_reply(const struct user *u, const struct buffer *body, struct buffer *said)
{
	struct buffer encrypt = BUFFER_INIT, xml = BUFFER_INIT;
	struct wechat_message reply = { 0 };

	if (!strcmp(buffer_text(body), "success") || !body->len) {
		buffer_puts(said, "（没有回复）");
	} else if (wechat_read_envelope(body->data, body->len, &encrypt) != WECHAT_XML_OK ||
		   wechat_decrypt(u->key, config_text(u->config, "wechat_appid"), encrypt.data,
				  encrypt.len, &xml) != WECHAT_ENVELOPE_OK) {
		buffer_puts(said, "该公众号提供的服务出现故障，请稍后再试");
	} else {
		/* A reply has no MsgId, so it is not complete; its text is there. */
		if (wechat_read_message(xml.data, xml.len, &reply) == WECHAT_XML_TOO_LARGE)
			die("a reply is too large");
		buffer_puts(said, reply.content ? reply.content : "");
		wechat_message_release(&reply);
	}
	buffer_release(&encrypt);
	buffer_release(&xml);
}

static void push(const struct user *u, size_t act, struct buffer *said)
{
	struct buffer xml = BUFFER_INIT, url = BUFFER_INIT, body = BUFFER_INIT;
	struct http_answer answer;

	write_message(u, act, &xml);
	seal(u, &xml, &url, &body);
	if (http_post(url.data, "text/xml", body.data, body.len, ANSWER_MAX, &answer) != HTTP_OK)
		buffer_puts(said, "（推送没有送达）");
	else
		read_reply(u, &answer.body, said);
	buffer_release(&answer.body);
	buffer_release(&xml);
	buffer_release(&url);
	buffer_release(&body);
}

/* In WeChat the ends of lines show. */
static void write_lines(struct markup *m, char *text)
{
	for (char *line; (line = strsep(&text, "\n"));) {
		markup_text(m, line);
		if (text)
			markup_void(m, "br", NULL);
	}
}

/* A reply's text with its links, the one element that WeChat's clients know;
 * only those to our own pages become links here. */
static void write_said(const struct user *u, struct markup *m, const char *text)
{
	const char *own = config_text(u->config, "public_url");

	markup_open(m, "p", "class", "yj-lead", "id", "reply", NULL);
	while (*text) {
		const char *open = strstr(text, "<a href=\""), *href, *words, *end;
		char *part;

		href = open ? open + strlen("<a href=\"") : NULL;
		words = href && !strncmp(href, own, strlen(own)) ? strstr(href, "\">") : NULL;
		end = words ? strstr(words, "</a>") : NULL;
		part = xmemdup0(text, end ? (size_t)(open - text) : strlen(text));
		write_lines(m, part);
		free(part);
		if (!end)
			break;
		part = xmemdup0(href, (size_t)(end - href));
		part[words - href] = '\0';
		markup_element(m, "a", part + (words - href) + 2, "href", part, NULL);
		free(part);
		text = end + strlen("</a>");
	}
	markup_close(m, "p");
}

static void write_input(struct markup *m, const char *name, const char *label, const char *value)
{
	markup_open(m, "div", "class", "yj-field", NULL);
	markup_element(m, "label", label, "class", "yj-field__label", "for", name, NULL);
	markup_void(m, "input", "class", "yj-input", "id", name, "name", name, "value", value,
		    "autocomplete", "off", NULL);
	markup_close(m, "div");
}

static void show(struct user *u, const char *said)
{
	const char *scene = request_query(u->request, "scene");
	struct markup *m = frame_begin("微信对话（演示）");

	markup_element(m, "p",
		       "这里代替微信，只在演示和测试中出现：以某个用户的身份对公众号做一件事。",
		       "class", "yj-hint", NULL);
	if (said)
		write_said(u, m, said);
	markup_open(m, "form", "class", "yj-form", "method", "post", "action", SELF, NULL);
	write_input(m, "openid", "openid", *u->openid ? u->openid : "demo-zhang");
	write_input(m, "scene", "二维码的场景值", scene ? scene : field(u, "scene"));
	write_input(m, "text", "文字", field(u, "text"));
	write_input(m, "templates", "订阅通知的模板编号，用逗号隔开", field(u, "templates"));
	for (size_t i = 0; i < ARRAY_SIZE(acts); i++) {
		markup_open(m, "div", "class", "yj-buttons", NULL);
		markup_element(m, "button", acts[i].label, "class", "weui-btn weui-btn_default",
			       "type", "submit", "name", "act", "value", acts[i].act, NULL);
		markup_close(m, "div");
	}
	markup_close(m, "form");
	frame_end(m, &u->reply.body);
}

static void take_openid(struct user *u)
{
	if (!request_cookie(u->request, SIM_COOKIE, u->openid, sizeof(u->openid)))
		u->openid[0] = '\0';
	if (*field(u, "openid"))
		snprintf(u->openid, sizeof(u->openid), "%s", field(u, "openid"));
}

static void act(struct user *u)
{
	struct buffer said = BUFFER_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		if (!strcmp(acts[i].act, field(u, "act")))
			push(u, i, &said);
	show(u, buffer_text(&said));
	buffer_release(&said);
}

int main(void)
{
	struct user u = { .config = config_open(), .request = request_new() };
	char number[PUBLIC_ID_SIZE];

	random_public_id(number);
	log_identify("sim/wechat-user", number);
	reply_init(&u.reply);
	if (!config_flag(u.config, "demo"))
		die("the sim runs only where demo = yes");
	if (!wechat_key_read(config_text(u.config, "wechat_aes_key"), u.key))
		die("wechat_aes_key is not set");
	if (request_read_head(u.request) != REQUEST_OK ||
	    (u.request->method == METHOD_POST &&
	     request_read_body(u.request, STDIN_FILENO, FORM_BODY_MAX, false) != REQUEST_OK))
		u.reply.status = 400;
	take_openid(&u);
	if (u.reply.status != 200)
		buffer_puts(&u.reply.body, "400\n");
	else if (u.request->method == METHOD_POST)
		act(&u);
	else
		show(&u, NULL);
	reply_send(&u.reply, false);
	_exit(0); /* one request: memory ends with the process */
}
