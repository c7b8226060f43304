/* login.c: clerk/login: staff log in with name and password.
 *
 * Failed attempts are counted by what was typed as the log-in, whether such a
 * person exists or not, and an attempt is counted before the password is
 * looked at: neither the answer, nor the time, nor many tries at once tell or
 * gain anything. */
#include "page/page.h"

#include <ctype.h>

#include "base/log.h"
#include "db/row.h"
#include "page/layout.h"
#include "vault/password.h"

#define LOGIN_COOKIE "yjl" /* guards the form while there is no session yet */
#define LOGIN_TYPED_MAX 64

/* From the fifth failure in a row on: 1, 2, 4 … 60 minutes. A day without an
 * attempt forgets. The order of the assignments matters: locked_until last. */
#define LOCKED "locked_until > UTC_TIMESTAMP(3)"
static const char count_sql[] =
	"INSERT INTO login_failure (login_hash, failures, locked_until, tried_at)"
	" VALUES (?, 1, NULL, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE"
	" failures = CASE WHEN " LOCKED " THEN failures"
	"  WHEN tried_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY THEN 1"
	"  ELSE failures + 1 END,"
	" tried_at = CASE WHEN " LOCKED " THEN tried_at ELSE UTC_TIMESTAMP(3) END,"
	" locked_until = CASE WHEN " LOCKED " THEN locked_until"
	"  WHEN failures < 5 THEN NULL"
	"  ELSE UTC_TIMESTAMP(3) + INTERVAL LEAST(60, POW(2, LEAST(failures, 20) - 5)) MINUTE"
	" END";

struct person {
	int64_t id;
	enum flow_role role;
	bool active;
	char password[201];
};

/* A log-in is lower case; the hash is the key of its failures. */
static void fold(const char *typed, char login[LOGIN_TYPED_MAX + 1], uint8_t hash[SHA256_SIZE])
{
	size_t n = 0;

	for (; *typed == ' '; typed++)
		;
	for (; *typed && n < LOGIN_TYPED_MAX; typed++)
		login[n++] = (char)tolower((unsigned char)*typed);
	while (n && login[n - 1] == ' ')
		n--;
	login[n] = '\0';
	digest_sha256(login, n, hash);
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
	uint8_t secret[SESSION_TOKEN_LEN / 2];
	char token[SESSION_TOKEN_LEN + 1];

	random_bytes(secret, sizeof(secret));
	hex_encode(secret, sizeof(secret), token);
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
static const char *home(const struct session *s)
{
	switch (s->role) {
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
		reply_redirect(&p->reply, home(&p->session));
	else
		write_form(p, NULL, NULL);
}

static bool find_person(struct db *db, const char *login, struct person *person)
{
	/* the column is ASCII and refuses to be compared with anything else */
	bool possible = strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(login);
	char role[17];
	bool found = db_one(db, "SELECT id, role, is_active, password FROM staff WHERE login = ?",
			    DB_ARGS(db_text(possible ? login : "")),
			    DB_OUT(DB_INT("id", &person->id), DB_TEXT("role", role),
				   DB_FLAG("is_active", &person->active),
				   DB_TEXT("password", person->password)));

	if (found)
		person->role = session_role(role);
	return found;
}

/* What somebody reads who is locked out, or close to it. */
static int explain(struct page *p, const uint8_t hash[SHA256_SIZE], struct buffer *text)
{
	char until[16], seconds[24];
	int64_t failures, left_s;

	db_one(p->db,
	       "SELECT failures, DATE_FORMAT(locked_until + INTERVAL 8 HOUR, '%H:%i:%s') AS until,"
	       " GREATEST(1, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), locked_until) + 1) AS left_s"
	       " FROM login_failure WHERE login_hash = ?",
	       DB_ARGS(db_bytes(hash, SHA256_SIZE)),
	       DB_OUT(DB_INT("failures", &failures), DB_OR_NULL(DB_TEXT("until", until)),
		      DB_OR_NULL(DB_INT("left_s", &left_s))));
	if (*until) {
		buffer_printf(text,
			      "登录名或密码连续输错，为保护账号，请在 %s 以后再试。"
			      "忘记密码请联系管理员。",
			      until);
		snprintf(seconds, sizeof(seconds), "%lld", (long long)left_s);
		reply_header(&p->reply, "Retry-After", seconds);
		return 429;
	}
	buffer_puts(text, "登录名或密码不对，请核对后再试。");
	if (failures >= 3)
		buffer_puts(text, "连续输错 5 次将暂停登录。");
	return 403;
}

static void refuse(struct page *p, const uint8_t hash[SHA256_SIZE], const char *login)
{
	struct buffer text = BUFFER_INIT;

	p->reply.status = explain(p, hash, &text);
	log_line(LOG_REFUSED, "login.refused", "status=%d", p->reply.status);
	write_form(p, buffer_text(&text), login);
	buffer_release(&text);
}

static void let_in(struct page *p, const struct person *person)
{
	struct buffer path = BUFFER_INIT;
	struct session s;

	session_start(p->db, p->config, person->role, person->id,
		      p->session.present ? p->session.token : "", &s);
	reply_cookie(&p->reply, SESSION_COOKIE_STAFF, s.token, 0, p->request->https);
	reply_cookie(&p->reply, LOGIN_COOKIE, "", -1, p->request->https);
	log_line(LOG_INFO, "login.done", "staff=%lld", (long long)person->id);
	buffer_printf(&path, "%s?flash=signed-in", home(&s));
	reply_redirect(&p->reply, buffer_text(&path));
	buffer_release(&path);
}

static void try_login(struct page *p, const char *login, const char *password,
		      const uint8_t hash[SHA256_SIZE])
{
	struct person person = { 0 };
	bool there;

	if (db_exec(p->db, count_sql, DB_ARGS(db_bytes(hash, SHA256_SIZE))) == 0) {
		refuse(p, hash, login); /* locked: nothing was counted */
		return;
	}
	there = find_person(p->db, login, &person);
	if (!password_matches(password, there ? person.password : NULL)) {
		refuse(p, hash, login);
		return;
	}
	db_exec(p->db,
		"UPDATE login_failure SET failures = 0, locked_until = NULL WHERE login_hash = ?",
		DB_ARGS(db_bytes(hash, SHA256_SIZE)));
	if (person.active) {
		let_in(p, &person);
	} else {
		log_line(LOG_REFUSED, "login.disabled", "staff=%lld", (long long)person.id);
		p->reply.status = 403;
		write_form(p, "这个账号已停用，请联系管理员。", login);
	}
}

static void submit(struct page *p)
{
	const char *typed = request_field(p->request, "login");
	const char *password = request_field(p->request, "password");
	char login[LOGIN_TYPED_MAX + 1];
	uint8_t hash[SHA256_SIZE];
	struct session s;

	if (!form_session(p, &s) || !session_csrf_valid(&s, request_field(p->request, "csrf"))) {
		log_line(LOG_REFUSED, "login.token", "status=403");
		p->reply.status = 403;
		write_form(p, "页面已过期，请重新输入后登录。", NULL);
		return;
	}
	fold(typed ? typed : "", login, hash);
	if (!*login || !password || !*password || strlen(password) > PASSWORD_MAX) {
		p->reply.status = 422;
		write_form(p, "请输入登录名和密码。", login);
		return;
	}
	try_login(p, login, password, hash);
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
