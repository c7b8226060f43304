/* login.c: clerk/login: staff log in with name and password.
 *
 * Neither the answer, nor the time, nor many tries at once tell or gain anything: see
 * staff/staff.h. */
#include "page/page.h"

#include <ctype.h>

#include "base/log.h"
#include "page/layout.h"
#include "staff/staff.h"
#include "vault/password.h"

#define LOGIN_COOKIE "yjl" /* guards the form while there is no session yet */

/* A log-in is lower case. */
static void fold(const char *typed, char login[STAFF_LOGIN_TYPED_MAX + 1])
{
	size_t n = 0;

	for (; *typed == ' '; typed++)
		;
	for (; *typed && n < STAFF_LOGIN_TYPED_MAX; typed++)
		login[n++] = (char)tolower((unsigned char)*typed);
	while (n && login[n - 1] == ' ')
		n--;
	login[n] = '\0';
}

/* The cookie's token and what is derived from it; a new one for a new browser. */
static bool form_session(struct page *p, struct session *s)
{
	char cookie[64], token[SESSION_TOKEN_LEN + 1];
	uint8_t hash[SHA256_SIZE];

	reply_cookie_name(LOGIN_COOKIE, p->request->https, cookie, sizeof(cookie));
	if (!request_cookie(p->request, cookie, token, sizeof(token)) || !session_hash(token, hash))
		return false;
	*s = (struct session){ .present = true };
	session_set_token(s, token);
	return true;
}

static void begin_form_session(struct page *p, struct session *s)
{
	char token[SESSION_TOKEN_LEN + 1];

	session_draw_token(token);
	*s = (struct session){ .present = false };
	session_set_token(s, token);
	reply_cookie(&p->reply, LOGIN_COOKIE, token, 0, p->request->https);
}

static void field(struct markup *m, const char *name, const char *label, const char *type,
		  const char *value, const char *autocomplete)
{
	markup_open(m, "div", "class", "yj-field", NULL);
	markup_element(m, "label", label, "class", "yj-field__label", "for", name, NULL);
	markup_void(m, "input", "class", "yj-input", "id", name, "name", name, "type", type,
		    "value", value, "autocomplete", autocomplete, "autocapitalize", "none",
		    "required", "", NULL);
	markup_close(m, "div");
}

/* The form, with what went wrong above it. */
static void write_form(struct page *p, const char *error, const char *login)
{
	struct session s;
	struct markup *m;

	if (form_session(p, &s))
		s.present = false;
	else
		begin_form_session(p, &s);
	p->session = s; /* layout_form() takes its token from here */
	m = layout_begin(p, "工作人员登录", 0);
	if (error)
		markup_element(m, "p", error, "class", "yj-warning", "role", "alert", NULL);
	markup_open(m, "section", "class", "yj-card", NULL);
	layout_form(p, false);
	field(m, "login", "登录名", "text", login, "username");
	field(m, "password", "密码", "password", NULL, "current-password");
	layout_buttons(p, NULL, "登录");
	markup_close(m, "form");
	markup_close(m, "section");
	layout_end(p);
}

/* Where a role's work is. */
static const char *home(enum flow_role role)
{
	switch (role) {
	case FLOW_CLERK:
	case FLOW_PRODUCER:
		return "/clerk/queue";
	case FLOW_ACCOUNTANT:
		return "/clerk/refunds";
	default:
		return "/admin/outbox";
	}
}

static void show(struct page *p)
{
	if (p->session.present)
		reply_redirect(&p->reply, home(p->session.role));
	else
		write_form(p, NULL, NULL);
}

/* What the form says above itself after an attempt that did not let in. */
static void explain(const struct staff_login *l, struct buffer *text)
{
	if (l->result == STAFF_LOGIN_DISABLED) {
		buffer_puts(text, "这个账号已停用，请联系管理员。");
	} else if (l->result == STAFF_LOGIN_LOCKED) {
		buffer_printf(text,
			      "登录名或密码连续输错，为保护账号，请在 %s 以后再试。"
			      "忘记密码请联系管理员。",
			      l->until);
	} else {
		buffer_puts(text, "登录名或密码不对，请核对后再试。");
		if (l->failures >= 3)
			buffer_puts(text, "连续输错 5 次将暂停登录。");
	}
}

static void refuse(struct page *p, const struct staff_login *l, const char *login)
{
	struct buffer text = BUFFER_INIT;
	char seconds[24];

	p->reply.status = 403;
	if (l->result == STAFF_LOGIN_LOCKED) {
		p->reply.status = 429;
		snprintf(seconds, sizeof(seconds), "%lld", (long long)l->left_s);
		reply_header(&p->reply, "Retry-After", seconds);
	}
	if (l->result == STAFF_LOGIN_DISABLED)
		log_line(LOG_REFUSED, "login.disabled", "staff=%lld", (long long)l->staff);
	else
		log_line(LOG_REFUSED, "login.refused", "status=%d", p->reply.status);
	explain(l, &text);
	write_form(p, buffer_text(&text), login);
	buffer_release(&text);
}

static void let_in(struct page *p, const struct staff_login *l, const char *token)
{
	struct buffer path = BUFFER_INIT;

	reply_cookie(&p->reply, SESSION_COOKIE_STAFF, token, 0, p->request->https);
	reply_cookie(&p->reply, LOGIN_COOKIE, "", -1, p->request->https);
	log_line(LOG_INFO, "login.done", "staff=%lld", (long long)l->staff);
	buffer_printf(&path, "%s?flash=signed-in", home(l->role));
	reply_redirect(&p->reply, buffer_text(&path));
	buffer_release(&path);
}

static void try_login(struct page *p, const char *login, const char *password)
{
	char token[SESSION_TOKEN_LEN + 1];
	struct staff_login l;

	session_draw_token(token);
	staff_log_in(p->db, p->config, login, password, token,
		     p->session.present ? p->session.token : "", &l);
	if (l.result == STAFF_LOGIN_DONE)
		let_in(p, &l, token);
	else
		refuse(p, &l, login);
	explicit_bzero(token, sizeof(token));
}

static void submit(struct page *p)
{
	const char *typed = request_field(p->request, "login");
	const char *password = request_field(p->request, "password");
	char login[STAFF_LOGIN_TYPED_MAX + 1];
	struct session s;

	if (!form_session(p, &s) || !session_csrf_valid(&s, request_field(p->request, "csrf"))) {
		log_line(LOG_REFUSED, "login.token", "status=403");
		p->reply.status = 403;
		write_form(p, "页面已过期，请重新输入后登录。", NULL);
		return;
	}
	fold(typed ? typed : "", login);
	if (!*login || !password || !*password || strlen(password) > PASSWORD_MAX) {
		p->reply.status = 422;
		write_form(p, "请输入登录名和密码。", login);
		return;
	}
	try_login(p, login, password);
}

static const struct page_spec spec = {
	.name = "clerk/login",
	.roles = PAGE_ANYONE,
	.body_max = LOGIN_BODY_MAX,
	.read_only = true, /* its token is the form's own, checked in submit() */
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
