/* apply/login: sends the browser to WeChat, and takes it back with a code. */
#include "applicant/applicant.h"
#include "base/log.h"
#include "page/entry.h"
#include "page/layout.h"
#include "service/wechat.h"

#define BROWSER_COOKIE "yjb"
#define SECRET_SIZE 16 /* 128 bits, for the state and for the browser */
#define SECRET_HEX (2 * SECRET_SIZE + 1)
#define STATE_MINUTES 10

static void hash_secret(const char *hex, uint8_t hash[SHA256_SIZE])
{
	digest_sha256(hex, strlen(hex), hash);
}

static bool is_secret(const char *hex)
{
	uint8_t bytes[SECRET_SIZE];

	return hex_decode(hex, bytes, sizeof(bytes));
}

static void make_secret(char hex[SECRET_HEX])
{
	uint8_t bytes[SECRET_SIZE];

	random_bytes(bytes, sizeof(bytes));
	hex_encode(bytes, sizeof(bytes), hex);
}

/* The cookie of the browser that began; a state is good there only. */
static bool browser_secret(struct page *p, char hex[SECRET_HEX])
{
	char name[64];

	reply_cookie_name(BROWSER_COOKIE, p->request->https, name, sizeof(name));
	return request_cookie(p->request, name, hex, SECRET_HEX) && is_secret(hex);
}

static void store_state(struct page *p, const struct project *project, const char *state,
			const char *browser)
{
	struct applicant_login login;

	hash_secret(state, login.state);
	hash_secret(browser, login.browser);
	applicant_login_begin(p->db, &login, project->id, STATE_MINUTES);
}

static void go_to_wechat(struct page *p, const struct project *project)
{
	struct buffer back = BUFFER_INIT, url = BUFFER_INIT;
	char state[SECRET_HEX], browser[SECRET_HEX];

	if (!browser_secret(p, browser))
		make_secret(browser);
	make_secret(state);
	store_state(p, project, state, browser);
	reply_cookie(&p->reply, BROWSER_COOKIE, browser, 0, p->request->https);
	buffer_printf(&back, "%s/apply/login", config_text(p->config, "public_url"));
	wechat_authorize_url(&url, config_text(p->config, "wechat_authorize_url"),
			     config_text(p->config, "wechat_appid"), back.data, state);
	p->reply.status = 303;
	reply_header(&p->reply, "Location", url.data);
	buffer_release(&back);
	buffer_release(&url);
}

static bool logged_in(const struct page *p)
{
	return p->session.present && p->session.role == FLOW_APPLICANT;
}

static void begin(struct page *p)
{
	struct project project;

	if (!entry_project(p, &project))
		return;
	entry_remember(p, &project);
	if (logged_in(p) || (!entry_in_wechat(p) && !config_flag(p->config, "demo")))
		entry_go(p, "apply/start", project.code);
	else
		go_to_wechat(p, &project);
}

/* Uses a state up. It is good once, in time, in the browser that began; then
 * the code of its project is given. */
static bool take_state(struct page *p, const char *state, const char *browser,
		       char code[APPLICANT_CODE_SIZE])
{
	struct applicant_login login;

	if (!is_secret(state))
		return false;
	hash_secret(state, login.state);
	hash_secret(browser, login.browser);
	return applicant_login_take(p->db, &login, code);
}

/* The sentence for the user when a log-in failed. */
struct trouble {
	const char *event; /* for the log */
	int status;
	const char *heading, *what_to_do;
};

static const struct trouble bad_state = {
	"login.state", 400, "登录链接已失效",
	"链接只能用一次，十分钟内有效，而且要在同一个微信里打开。请重新登录。"
};
static const struct trouble unmarked = {
	"login.unmarked", 400, "登录没有完成",
	"要在开始登录的那个微信里完成，并且允许本网站使用 Cookie。请重新登录。"
};
static const struct trouble refused = {
	"login.declined", 403, "还没有登录",
	"您没有同意微信登录。登录后才能办理业务，我们只取得您的微信编号，看不到聊天和好友。"
};
static const struct trouble troubles[WECHAT_RESULT_COUNT] = {
	[WECHAT_CODE_INVALID] = { "login.code", 400, "登录没有完成",
				  "微信给的登录凭证已过期，请重新登录。" },
	[WECHAT_CODE_USED] = { "login.code_used", 400, "登录没有完成",
			       "微信给的登录凭证已用过，请重新登录。" },
	[WECHAT_SNAPSHOT] = { "login.snapshot", 403, "现在是快照页，不能办理业务",
			      "快照页里微信不提供您的真实身份。请点右上角“…”或页面底部的提示，"
			      "选择“使用完整服务”，再重新登录。" },
	[WECHAT_BUSY] = { "login.busy", 503, "微信暂时繁忙", "请等一分钟，再重新登录。" },
	[WECHAT_AWAY] = { "login.away", 503, "微信暂时没有回应", "请等一分钟，再重新登录。" },
	[WECHAT_REFUSES_US] = { "login.refused_us", 502, "暂时不能用微信登录",
				"我们正在处理。请过一段时间再试，已经填写的内容不会丢失。" },
	[WECHAT_NONSENSE] = { "login.nonsense", 502, "登录没有完成",
			      "微信的回答不完整，请重新登录。" },
};

static void say(struct page *p, const struct trouble *trouble)
{
	log_line(LOG_REFUSED, trouble->event, "status=%d", trouble->status);
	page_say(p, trouble->status, trouble->heading, trouble->what_to_do, "/apply/start",
		 "重新登录");
}

static void start_session(struct page *p, const char *openid)
{
	int64_t applicant = applicant_of(p->db, config_text(p->config, "wechat_appid"), openid);
	struct session session;

	session_start(p->db, p->config, applicant, p->session.token, &session);
	reply_cookie(&p->reply, SESSION_COOKIE_APPLICANT, session.token, 0, p->request->https);
	log_line(LOG_INFO, "login.done", "applicant=%lld", (long long)session.subject);
	explicit_bzero(&session, sizeof(session));
}

/* WeChat loads the callback twice now and then, and users go back to it: a session
 * that exists goes on. */
static void finish(struct page *p, const char *state, const char *code)
{
	struct wechat_user user;
	enum wechat_result result;
	char project[APPLICANT_CODE_SIZE], browser[SECRET_HEX];
	bool marked = browser_secret(p, browser);

	if (!marked || !take_state(p, state, browser, project)) {
		if (logged_in(p))
			reply_redirect(&p->reply, "/apply/start");
		else
			say(p, marked ? &bad_state : &unmarked);
		return;
	}
	if (!code) {
		say(p, &refused);
		return;
	}
	result = wechat_is_code(code) ? wechat_exchange(p->config, code, &user) :
					WECHAT_CODE_INVALID;
	if (result == WECHAT_OK)
		start_session(p, user.openid);
	else if (result != WECHAT_CODE_USED || !logged_in(p)) {
		say(p, &troubles[result]);
		return;
	}
	entry_go(p, "apply/start", project);
}

static void show(struct page *p)
{
	const char *state = request_query(p->request, "state");

	if (state)
		finish(p, state, request_query(p->request, "code"));
	else
		begin(p);
}

static const struct page_spec spec = {
	.name = "apply/login",
	.roles = PAGE_ANYONE,
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
