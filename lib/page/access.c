/* access.c: who asks, for what: session, role, origin, token, application,
 * state. Each refusal is an answer that says what to do next. */
#include "page/contract.h"

#include "base/log.h"
#include "base/url.h"
#include "db/row.h"
#include "page/entry.h"
#include "page/layout.h"

/* Session and application in one round trip, a row a form of the application,
 * one without. Somebody else's application is not found, just as one that does not
 * exist. */
#define ACCESS_COLUMNS                                                         \
	"TIMESTAMPDIFF(SECOND, s.seen_at, UTC_TIMESTAMP(3)) >= ? AS touch,"    \
	" a.id, a.applicant, a.project, a.public_id, a.state, a.flow_version," \
	" a.version, p.code, p.name, p.help_phone, " FLOW_STANDING_COLUMNS
#define ACCESS_LIVE                                                \
	" WHERE s.token_hash = ? AND s.idle_at > UTC_TIMESTAMP(3)" \
	" AND s.ends_at > UTC_TIMESTAMP(3)"

static const char applicant_sql[] =
	"SELECT s.role, s.subject, NULL AS staff, " ACCESS_COLUMNS " FROM session s"
	" LEFT JOIN application a ON a.public_id = ? AND a.applicant = s.subject"
	" LEFT JOIN project p ON p.id = a.project" FLOW_STANDING_JOINS("'applicant'") ACCESS_LIVE
	" AND s.role = 'applicant'";
static const char staff_sql[] =
	"SELECT s.role, s.staff AS subject, t.name AS staff, " ACCESS_COLUMNS
	" FROM staff_session s"
	" JOIN staff t ON t.id = s.staff AND t.is_active AND t.role = s.role"
	" LEFT JOIN application a ON a.public_id = ?"
	" LEFT JOIN project p ON p.id = a.project" FLOW_STANDING_JOINS("s.role") ACCESS_LIVE;

static const struct page_part parts[] = {
	{ "apply/", DB_APPLY, true, SESSION_COOKIE_APPLICANT, "public_url", "/apply/start",
	  "apply/status" },
	{ "clerk/", DB_CLERK, true, SESSION_COOKIE_STAFF, "intranet_url", "/clerk/login",
	  "clerk/case" },
	{ "admin/", DB_ADMIN, true, SESSION_COOKIE_STAFF, "intranet_url", "/clerk/login",
	  "clerk/case" },
	{ "push/", DB_PUSH, true, NULL, "public_url", "/apply/start", "apply/status" },
	{ "sim/", DB_APPLY, false, NULL, "public_url", "/apply/start", "apply/status" },
};

const struct page_part *page_part(const struct page *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strncmp(p->spec->name, parts[i].prefix, strlen(parts[i].prefix)))
			return &parts[i];
	die("program %s belongs to no part", p->spec->name);
}

enum page_application page_application(const struct page_spec *spec)
{
	if (spec->application == PAGE_NO_APPLICATION && (spec->event || spec->form))
		return PAGE_OWN_APPLICATION;
	return spec->application;
}

static bool wants_application(const struct page *p)
{
	return page_application(p->spec) != PAGE_NO_APPLICATION;
}

/* Session and application, which is all zero without one; whether the session is due
 * for a touch. */
static bool take_row(struct page *p, const char *token, struct db_result *row)
{
	struct application *a = &p->application;
	struct session *s = &p->session;
	char role[17];
	bool touch;

	db_row_part(row, DB_OUT(DB_TEXT("role", role), DB_INT("subject", &s->subject),
				DB_OR_NULL(DB_TEXT("staff", s->name)), DB_FLAG("touch", &touch),
				DB_OR_NULL(DB_INT("id", &a->id)),
				DB_OR_NULL(DB_INT("applicant", &a->applicant)),
				DB_OR_NULL(DB_INT("project", &a->project)),
				DB_OR_NULL(DB_TEXT("public_id", a->public_id)),
				DB_OR_NULL(DB_TEXT("state", a->state)),
				DB_OR_NULL(DB_INT("flow_version", &a->flow_version)),
				DB_OR_NULL(DB_INT("version", &a->version)),
				DB_OR_NULL(DB_TEXT("code", a->project_code)),
				DB_OR_NULL(DB_TEXT("name", a->project_name)),
				DB_OR_NULL(DB_TEXT("help_phone", a->help_phone))));
	s->role = session_role(role);
	session_set_token(s, token);
	s->present = s->role != FLOW_ROLE_COUNT;
	return touch;
}

bool page_load_session(struct page *p)
{
	const struct page_part *part = page_part(p);
	const char *id = wants_application(p) ? request_query(p->request, "application") : NULL;
	char cookie[64], token[SESSION_TOKEN_LEN + 1];
	uint8_t hash[SHA256_SIZE];
	struct db_result *row;
	bool touch = false;

	if (!part->cookie)
		return true;
	reply_cookie_name(part->cookie, p->request->https, cookie, sizeof(cookie));
	if (!request_cookie(p->request, cookie, token, sizeof(token)) || !session_hash(token, hash))
		return true;
	row = db_select(p->db, part->db == DB_APPLY ? applicant_sql : staff_sql,
			DB_ARGS(db_int(SESSION_TOUCH_S),
				db_text(id && is_public_id(id) ? id : NULL),
				db_bytes(hash, sizeof(hash))));
	if (db_next(row)) {
		touch = take_row(p, token, row);
		if (p->application.id)
			do
				flow_standing_collect(&p->application.flow, row);
			while (db_next(row));
	}
	db_result_free(row);
	if (touch)
		session_touch(p->db, p->config, &p->session);
	explicit_bzero(token, sizeof(token));
	return true;
}

/* To the log-in page; the applicant's needs to know the project. */
static bool go_to_login(struct page *p)
{
	const char *id = request_query(p->request, "application");
	struct buffer path = BUFFER_INIT, code = BUFFER_INIT;

	buffer_puts(&path, page_part(p)->login);
	if (page_part(p)->db == DB_APPLY && id && is_public_id(id) &&
	    project_of_application(p->db, id, &code)) {
		buffer_puts(&path, "?project=");
		url_encode(&path, buffer_text(&code));
	}
	reply_redirect(&p->reply, buffer_text(&path));
	buffer_release(&path);
	buffer_release(&code);
	return false;
}

bool page_check_role(struct page *p)
{
	if (p->spec->roles == PAGE_ANYONE)
		return true;
	if (!p->session.present) {
		if (p->request->method != METHOD_POST && !p->request->fragment)
			return go_to_login(p);
		page_say_again(p);
		return false;
	}
	if (p->spec->roles & PAGE_ROLE(p->session.role))
		return true;
	log_line(LOG_REFUSED, "role.refused", "role=%s subject=%lld",
		 flow_role_names[p->session.role], (long long)p->session.subject);
	page_say(p, 403, "您没有权限打开这个页面", "请换一个有权限的账号登录。",
		 page_part(p)->login, "重新登录");
	return false;
}

enum sender { SENDER_UNKNOWN, SENDER_OURS, SENDER_OTHER };

/* Which site's page sent this POST, as far as the browser says. */
static enum sender sender(const struct page *p)
{
	const struct request *r = p->request;
	bool told = false;

	if (*r->fetch_site) {
		if (strcmp(r->fetch_site, "same-origin") && strcmp(r->fetch_site, "none"))
			return SENDER_OTHER;
		told = true;
	}
	if (*r->origin) {
		if (strcmp(r->origin, config_text(p->config, page_part(p)->url_key)))
			return SENDER_OTHER;
		told = true;
	}
	return told ? SENDER_OURS : SENDER_UNKNOWN;
}

static bool is_guarded(const struct page *p)
{
	return p->request->method == METHOD_POST && !p->spec->raw_body;
}

/* Also whoever came by another name of this host: the link leads to the right one. */
bool page_check_origin(struct page *p)
{
	struct buffer link = BUFFER_INIT;

	if (!is_guarded(p) || sender(p) != SENDER_OTHER)
		return true;
	log_line(LOG_REFUSED, "origin.refused", "site=%.20s", p->request->fetch_site);
	buffer_printf(&link, "%s%s", config_text(p->config, page_part(p)->url_key),
		      page_part(p)->login);
	page_say(p, 403, "这次提交不是从本网站的页面发出的",
		 "内容没有保存。请从下面重新打开本网站，再填写提交。", buffer_text(&link),
		 "重新打开");
	buffer_release(&link);
	return false;
}

bool page_check_token(struct page *p)
{
	/* A body that was cut off changes nothing, and its token may be missing. */
	if (!is_guarded(p) || p->spec->read_only || !p->session.present || p->request->cut)
		return true;
	if (session_csrf_valid(&p->session, request_field(p->request, "csrf")))
		return true;
	log_line(LOG_REFUSED, "token.refused", "subject=%lld", (long long)p->session.subject);
	/* Only what surely comes from a page of ours is offered again: else
	 * another site could fill in the fields and leave one press to do. */
	if (sender(p) == SENDER_OURS)
		page_say_again(p);
	else
		page_say(p, 403, "页面已过期，内容没有保存", "请返回上一页，刷新后再提交一次。",
			 NULL, NULL);
	return false;
}

/* What a POST of the page does at least: a form is saved, in its turn or not. */
static const char *least_event(const struct page_spec *spec)
{
	return spec->form ? "save" : spec->event;
}

static bool state_is_open(const struct page *p)
{
	const char *event = least_event(p->spec);

	if (!wants_application(p) || !event)
		return true;
	return flow_is_open(&p->application.flow, event) &&
	       (!p->spec->form || flow_form_named(&p->application.flow, p->spec->form->name));
}

bool page_is_open(const struct page *p)
{
	return !wants_application(p) || (p->application.id && state_is_open(p));
}

bool page_check_application(struct page *p)
{
	if (!wants_application(p) || p->application.id)
		return true;
	if (page_application(p->spec) == PAGE_OWN_APPLICATION)
		page_say(p, 404, "没有找到这份申请", "请从“我的业务”里打开。", "/apply/mine",
			 "我的业务");
	else
		page_say(p, 404, "没有找到这份申请", "请从队列里打开。", "/clerk/queue",
			 "返回队列");
	return false;
}

/* Whether this POST was done before, so that the state has moved on by it. */
static bool is_done(struct page *p)
{
	char move_key[PAGE_MOVE_KEY_SIZE];

	page_move_key(p, move_key);
	return (p->spec->event && page_is_done(p, p->spec->event)) ||
	       page_move_known(p->db, p->application.id, move_key);
}

static bool say_too_late(struct page *p)
{
	const char *home = page_part(p)->home;
	struct buffer link = BUFFER_INIT;

	layout_path(p, home, &link);
	if (page_part(p)->db == DB_APPLY && p->spec->form)
		page_say(p, 409, "这份申请已经提交，不能再修改", "刚才填写的内容没有保存。",
			 buffer_text(&link), "查看进度");
	else if (page_part(p)->db == DB_APPLY)
		page_say(p, 409, "这一步现在不用办了", "刚才的操作没有执行，请查看最新进度。",
			 buffer_text(&link), "查看进度");
	else
		page_say(p, 409, "这份申请的状态已经变了", "刚才的操作没有执行。",
			 buffer_text(&link), "查看申请");
	buffer_release(&link);
	return false;
}

/* To where the application is now: the applicant's next form, else its home. */
static bool go_on(struct page *p)
{
	const char *home = page_part(p)->home;
	const char *next = p->application.flow.page;

	if (page_part(p)->db != DB_APPLY || !*next)
		next = home;
	if (!strcmp(p->spec->name, next))
		return say_too_late(p);
	page_go(p, next, strcmp(next, home) ? "earlier-first" : "moved-on");
	return false;
}

bool page_check_state(struct page *p)
{
	const char *page = p->application.flow.page;

	if (state_is_open(p))
		return true;
	if (p->request->method != METHOD_POST)
		return go_on(p);
	if (!is_done(p))
		return say_too_late(p);
	page_go(p, p->spec->next ? p->spec->next : *page ? page : page_part(p)->home, NULL);
	return false;
}
