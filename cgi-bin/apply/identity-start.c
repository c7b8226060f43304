/* apply/identity-start: begins an attempt by the chosen way, with the consent
 * that it needs; the form stands on apply/identity. */
#include "identity-view.h"

#include "base/log.h"
#include "identity/provider.h"
#include "page/layout.h"

/* A page of the service that is about to close is not opened again. */
#define SERVICE_PAGE_S 6600

struct beginning {
	struct page *page;
	enum identity_method method;
	const char *consent; /* version that was ticked, or NULL */
	uint8_t session[SHA256_SIZE];
	struct identity_attempt attempt;
	bool no_consent, no_uploads;
	struct buffer detail;
};

/* An attempt that nothing was done with yet is taken again: going back and
 * forth costs no try. */
static bool take_again(struct db *db, struct beginning *b)
{
	struct identity_challenge c;

	if (!identity_latest(db, b->page->application.id, b->method, &b->attempt) ||
	    b->attempt.state != IDENTITY_BEGUN)
		return false;
	if (b->method == IDENTITY_RECORDED)
		return identity_challenge_load(db, b->attempt.id, b->session, &c) && !c.revealed;
	return b->method == IDENTITY_IN_PERSON || b->attempt.age_s < SERVICE_PAGE_S;
}

static bool consent_holds(struct db *db, struct beginning *b)
{
	int64_t application = b->page->application.id;

	if (!identity_ways[b->method].face || identity_consent_given(db, application))
		return true;
	b->no_consent = !identity_consent_give(db, application, b->consent);
	return !b->no_consent;
}

static bool begin(struct db *db, void *context)
{
	struct beginning *b = context;
	struct identity_plan plan;

	identity_plan_load(db, b->page->application.id, &plan);
	b->no_uploads = b->method == IDENTITY_RECORDED && !plan.uploads_left;
	if (b->no_uploads || !consent_holds(db, b))
		return false;
	if (!take_again(db, b)) {
		identity_begin(db, b->page->application.id, b->method, &b->attempt);
		if (b->method == IDENTITY_RECORDED)
			identity_challenge_draw(db, b->attempt.id, b->session);
	}
	buffer_reset(&b->detail);
	identity_detail(&b->detail, &b->attempt, "begun", NULL, NULL, NULL);
	return true;
}

/* The browser goes on by itself. It must not be redirected: that would be a
 * form of ours sent elsewhere, which the security policy forbids. */
static void send_to_service(struct page *p, const char *url)
{
	struct buffer refresh = BUFFER_INIT;
	struct markup *m;

	buffer_printf(&refresh, "0; url=%s", url);
	reply_header(&p->reply, "Refresh", buffer_text(&refresh));
	m = layout_begin(p, "正在打开刷脸页面", 0);
	markup_element(m, "p", "完成以后会自动回到这里。没有自动打开的，请点下面的按钮。", "class",
		       "yj-lead", NULL);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	markup_element(m, "a", "打开刷脸页面", "class", "weui-btn weui-btn_primary", "href", url,
		       NULL);
	markup_close(m, "div");
	layout_end(p);
	buffer_release(&refresh);
}

static void say_trouble(struct page *p, int status, const char *heading, const char *what_to_do)
{
	struct buffer link = BUFFER_INIT;

	layout_path(p, "apply/identity", &link);
	page_say(p, status, heading, what_to_do, buffer_text(&link), "返回选择方式");
	buffer_release(&link);
}

static bool set_aside(struct db *db, void *context)
{
	return identity_move(db, context, IDENTITY_BEGUN, IDENTITY_REPEAT);
}

struct keeping {
	struct page *page;
	const struct identity_attempt *attempt;
	const struct identity_start *start;
	const char *provider;
};

static bool keep_token(struct db *db, void *context)
{
	const struct keeping *k = context;

	return identity_keep_token(db, page_vault(k->page), k->attempt, k->provider,
				   buffer_text(&k->start->token), k->start->url,
				   k->start->give_up_s);
}

/* Not in a transaction: the service takes its time. */
static void ask_service(struct page *p, struct identity_attempt *attempt,
			const struct identity_provider *provider)
{
	const struct identity_work work = {
		.config = p->config, .db = p->db, .vault = page_vault(p), .attempt = *attempt
	};
	struct identity_start start = { .url = "" };
	struct keeping k = { p, attempt, &start, provider->name };
	struct buffer back = BUFFER_INIT;

	buffer_puts(&back, config_text(p->config, "public_url"));
	layout_path(p, "apply/identity-return", &back);
	switch (provider->start(&work, buffer_text(&back), &start)) {
	case IDENTITY_GO:
		db_transaction(p->db, keep_token, &k);
		send_to_service(p, start.url);
		break;
	case IDENTITY_DATA_REFUSED:
		db_transaction(p->db, set_aside, attempt);
		say_trouble(
			p, 409, "刷脸服务没有受理",
			"姓名或身份证号码没有通过它的检查，没有占用次数。请换一种方式，或者到窗口办理。");
		break;
	default:
		say_trouble(p, 503, "刷脸服务暂时连不上",
			    "没有占用次数，已填写的内容都在。请过一两分钟再试，也可以换一种方式。");
	}
	buffer_wipe(&start.token);
	buffer_release(&back);
}

static void go_to_service(struct page *p, const struct identity_provider *provider)
{
	struct identity_attempt attempt;
	struct buffer url = BUFFER_INIT;

	if (!identity_latest(p->db, p->application.id, IDENTITY_CLOUD, &attempt) ||
	    attempt.state != IDENTITY_BEGUN)
		page_go(p, "apply/identity-return", NULL);
	else if (identity_service_url(p->db, page_vault(p), attempt.id, &url))
		send_to_service(p, buffer_text(&url));
	else
		ask_service(p, &attempt, provider);
	buffer_wipe(&url);
}

static void go_on(struct page *p, enum identity_method method,
		  const struct identity_provider *provider)
{
	if (provider->start)
		go_to_service(p, provider);
	else if (method == IDENTITY_IN_PERSON)
		page_go(p, "apply/identity", "in-person-chosen");
	else
		page_go(p, "apply/record", NULL);
}

static void show_again(struct page *p, const struct identity_choice *choice)
{
	p->reply.status = 422;
	identity_view(p, choice);
}

static void start(struct page *p, struct beginning *b, const struct identity_provider *provider)
{
	struct identity_choice choice = { .method = b->method };
	const char *event = b->method == IDENTITY_IN_PERSON ? "choose_counter" : "start_identity";
	enum flow_result result = page_advance_told(p, event, begin, b, &b->detail);

	if (result == FLOW_MOVED || result == FLOW_REPEATED) {
		go_on(p, b->method, provider);
	} else if (b->no_consent) {
		choice.consent_error = "请阅读后勾选单独同意，不同意的请选择到窗口办理";
		show_again(p, &choice);
	} else if (b->no_uploads) {
		choice.method_error = "录像次数已经用完，请换一种方式";
		show_again(p, &choice);
	} else if (result == FLOW_GUARD_REFUSED) {
		choice.method = IDENTITY_METHOD_COUNT;
		choice.method_error = "刷脸和录像的机会已经用完，请到窗口办理";
		show_again(p, &choice);
	} else {
		page_say_refused(p, result);
	}
}

static void submit(struct page *p)
{
	struct beginning b = { .page = p,
			       .method =
				       identity_method_by_name(request_field(p->request, "method")),
			       .consent = request_field(p->request, "consent") };
	struct identity_choice choice = { .method = IDENTITY_METHOD_COUNT,
					  .method_error = "请选择验证方式" };
	const struct identity_provider *provider = NULL;
	struct identity_plan plan;

	identity_plan_load(p->db, p->application.id, &plan);
	if (b.method < IDENTITY_METHOD_COUNT && identity_method_in(plan.methods, b.method))
		provider = identity_provider_of(p->config, b.method);
	else if (b.method < IDENTITY_METHOD_COUNT)
		choice.method_error = "这个项目不用这种方式，请重新选择";
	if (b.method < IDENTITY_METHOD_COUNT && identity_method_in(plan.methods, b.method) &&
	    !provider)
		choice.method_error = "刷脸核验现在不能用，请换一种方式";
	if (!provider || !session_hash(p->session.token, b.session))
		show_again(p, &choice);
	else
		start(p, &b, provider);
	buffer_release(&b.detail);
}

static const struct page_spec spec = {
	.name = "apply/identity-start",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "start_identity",
	.next = "apply/status",
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
