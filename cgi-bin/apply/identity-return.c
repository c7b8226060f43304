/* apply/identity-return: waits with the applicant for the result, which
 * cron/identity finds out; the return of the browser proves no result. */
#include "identity/identity.h"
#include "page/layout.h"
#include "page/page.h"

#define REFRESH_S "4"
#define REFRESH_SLOW_S "20"
/* From then on another way is offered, and the page asks less often. */
#define LONG_S 120

struct coming_back {
	struct identity_attempt attempt;
	struct buffer detail;
};

static bool note(struct db *db, void *context)
{
	struct coming_back *c = context;

	buffer_reset(&c->detail);
	identity_detail(&c->detail, &c->attempt, "handed_in", NULL, NULL, NULL);
	return identity_came_back(db, &c->attempt);
}

static void write_link(struct page *p, const char *name, const char *words, const char *class)
{
	struct buffer path = BUFFER_INIT;

	layout_path(p, name, &path);
	markup_open(p->markup, "div", "class", "yj-buttons", NULL);
	markup_element(p->markup, "a", words, "class", class, "href", buffer_text(&path), NULL);
	markup_close(p->markup, "div");
	buffer_release(&path);
}

static void wait(struct page *p, const struct identity_attempt *a)
{
	bool cloud = a->method == IDENTITY_CLOUD, slow = a->age_s > LONG_S;
	struct markup *m;

	reply_header(&p->reply, "Refresh", slow ? REFRESH_SLOW_S : REFRESH_S);
	m = layout_begin(p, cloud ? "正在确认结果" : "视频已收到，正在检查", 0);
	markup_open(m, "section", "class", "yj-card", "role", "status", NULL);
	markup_element(m, "p",
		       cloud ? "正在向刷脸服务查询结果，一般几秒钟。" :
			       "正在检查画面和声音，一般一分钟以内。",
		       "class", "yj-lead", NULL);
	markup_element(m, "p",
		       "这一页会自动刷新。也可以先离开，有结果会通过微信通知您，不用重新做。",
		       "class", "yj-hint", NULL);
	markup_close(m, "section");
	write_link(p, "apply/identity-return", "刷新", "weui-btn weui-btn_primary");
	if (slow) {
		markup_element(
			m, "p",
			"等待的时间比平时长。没有做完刷脸的，可以返回重新选择，不影响已经填好的内容。",
			"class", "yj-warning", NULL);
		write_link(p, "apply/identity", "返回选择方式", "weui-btn weui-btn_default");
	}
	layout_end(p);
}

static void show(struct page *p)
{
	struct coming_back c = { .detail = BUFFER_INIT };
	int64_t application = p->application.id;

	if (identity_latest(p->db, application, IDENTITY_CLOUD, &c.attempt) &&
	    c.attempt.state == IDENTITY_BEGUN)
		page_advance_told(p, "hand_in_identity", note, &c, &c.detail);
	buffer_release(&c.detail);
	if (identity_latest(p->db, application, IDENTITY_METHOD_COUNT, &c.attempt) &&
	    c.attempt.state == IDENTITY_HANDED_IN)
		wait(p, &c.attempt);
	else
		page_go(p, "apply/identity", NULL);
}

static const struct page_spec spec = {
	.name = "apply/identity-return",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "hand_in_identity",
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
