/* wechat-page.c: the page of the stand-in on which the tester chooses a user. */
#include "wechat.h"

#include <regex.h>

#include "base/die.h"
#include "base/url.h"
#include "frame.h"
#include "wechat-code.h"

void wechat_refuse(struct sim *s, const char *why)
{
	struct markup *m = frame_begin("微信（演示）：链接无效");

	s->reply.status = 400;
	markup_element(m, "p", why, "class", "yj-lead", NULL);
	frame_end(m, &s->reply.body);
}

/* WeChat matches order and form by pattern, so this does too. */
static bool query_in_order(const char *query)
{
	static const char pattern[] = "^appid=[^&]+&redirect_uri=[^&]+&response_type=code"
				      "&scope=snsapi_(base|userinfo)&state=[A-Za-z0-9]{1,128}$";
	regex_t regex;
	bool matches;

	if (regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB))
		die("bad pattern");
	matches = !regexec(&regex, query, 0, NULL, 0);
	regfree(&regex);
	return matches;
}

static bool is_ours(const struct sim *s, const char *redirect_uri)
{
	const char *own = config_text(s->config, "public_url");
	size_t n = strlen(own);

	return redirect_uri && !strncmp(redirect_uri, own, n) && redirect_uri[n] == '/';
}

/* Users to be with one touch; what their openid makes the token side do
 * stands in tricks[]. */
static const struct {
	const char *openid, *label;
} users[] = {
	{ "demo-zhang", "张三（演示用户）" },
	{ "demo-li", "李四（演示用户）" },
	{ "demo-wang", "王五（演示用户）" },
	{ "snapshot-demo", "快照页用户（只能浏览，不能登录）" },
	{ "", "拒绝" },
};

static void write_user(struct markup *m, const char *openid, const char *label,
		       const char *redirect_uri, const char *state)
{
	struct buffer link = BUFFER_INIT;

	buffer_puts(&link, SIM_PATH "/connect/oauth2/choose?redirect_uri=");
	url_encode(&link, redirect_uri);
	buffer_puts(&link, "&state=");
	url_encode(&link, state);
	buffer_puts(&link, "&openid=");
	url_encode(&link, openid);
	markup_open(m, "a", "class", "yj-row", "href", link.data, NULL);
	markup_element(m, "span", label, "class", "yj-row__title", NULL);
	markup_close(m, "a");
	buffer_release(&link);
}

static void write_free_choice(struct markup *m, const char *redirect_uri, const char *state)
{
	markup_open(m, "form", "class", "yj-form", "method", "get", "action",
		    SIM_PATH "/connect/oauth2/choose", NULL);
	markup_void(m, "input", "type", "hidden", "name", "redirect_uri", "value", redirect_uri,
		    NULL);
	markup_void(m, "input", "type", "hidden", "name", "state", "value", state, NULL);
	markup_open(m, "div", "class", "yj-field", NULL);
	markup_element(m, "label", "或者用任意 openid", "class", "yj-field__label", "for", "openid",
		       NULL);
	markup_void(m, "input", "class", "yj-input", "id", "openid", "name", "openid", "required",
		    "required", "maxlength", "64", "pattern", "[A-Za-z0-9_\\-]+", "autocomplete",
		    "off", NULL);
	markup_close(m, "div");
	markup_open(m, "div", "class", "yj-buttons", NULL);
	markup_element(m, "button", "用这个 openid 登录", "class", "weui-btn weui-btn_primary",
		       "type", "submit", NULL);
	markup_close(m, "div");
	markup_close(m, "form");
}

void wechat_authorize(struct sim *s)
{
	const char *query = getenv("QUERY_STRING");
	const char *redirect_uri = request_query(s->request, "redirect_uri");
	const char *appid = request_query(s->request, "appid");
	const char *state = request_query(s->request, "state");
	struct markup *m;

	if (!query || !query_in_order(query)) {
		wechat_refuse(s, "参数的顺序或写法不对。");
		return;
	}
	if (strcmp(appid, config_text(s->config, "wechat_appid")) != 0) {
		wechat_refuse(s, "appid 不对。");
		return;
	}
	if (!is_ours(s, redirect_uri)) {
		wechat_refuse(s, "redirect_uri 的域名没有登记。");
		return;
	}
	m = frame_begin("微信登录（演示）");
	markup_element(m, "p", "这里代替微信，只在演示和测试中出现。请选择以谁的身份登录。",
		       "class", "yj-lead", NULL);
	markup_open(m, "section", "class", "yj-card", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(users); i++)
		write_user(m, users[i].openid, users[i].label, redirect_uri, state);
	markup_close(m, "section");
	write_free_choice(m, redirect_uri, state);
	frame_end(m, &s->reply.body);
}

static bool is_openid(const char *text)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

	return n <= CODE_OPENID_MAX && !text[n];
}

/* Sends the browser back; no openid stands for a refusal. */
void wechat_choose(struct sim *s)
{
	const char *redirect_uri = request_query(s->request, "redirect_uri");
	const char *state = request_query(s->request, "state");
	const char *openid = request_query(s->request, "openid");
	struct buffer target = BUFFER_INIT;

	if (!is_ours(s, redirect_uri) || !state || !openid || !is_openid(openid)) {
		wechat_refuse(s, "缺少参数，或者 openid 含有字母、数字、- 和 _ 以外的字符。");
		return;
	}
	buffer_puts(&target, redirect_uri);
	buffer_putc(&target, strchr(redirect_uri, '?') ? '&' : '?');
	if (*openid) {
		buffer_puts(&target, "code=");
		code_make(s->config, openid, time(NULL), &target);
		buffer_putc(&target, '&');
	}
	buffer_puts(&target, "state=");
	url_encode(&target, state);
	s->reply.status = 303;
	/* WeChat's client knows its user; here a cookie does. */
	if (*openid)
		reply_cookie(&s->reply, SIM_COOKIE, openid, 0, false);
	reply_header(&s->reply, "Location", target.data);
	buffer_release(&target);
}
