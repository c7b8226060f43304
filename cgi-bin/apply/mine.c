/* apply/mine: the applicant's own applications, newest first. */
#include "page/layout.h"

#define CARDS 20

/* The page after the application `before`, one row more than is shown. */
static struct db_result *select_cards(struct page *p, const char *before)
{
	return db_select(
		p->db,
		"SELECT a.public_id, p.name, " FLOW_PAGE_SQL ", z.label, z.next, c.name,"
		" DATE_FORMAT(a.state_since" LAYOUT_MINUTE_SQL ","
		" z.link FROM application a JOIN project p ON p.id = a.project"
		" JOIN flow_state z ON z.flow_version = a.flow_version AND z.state = a.state"
		" LEFT JOIN company c ON c.application = a.id"
		" WHERE a.applicant = ? AND a.id < COALESCE((SELECT b.id FROM application b"
		" WHERE b.public_id = ? AND b.applicant = ?), 9223372036854775807)"
		" ORDER BY a.id DESC LIMIT ?",
		DB_ARGS(db_int(p->session.subject), db_text(before), db_int(p->session.subject),
			db_int(CARDS + 1)));
}

static void write_link(struct markup *m, const char *name, const struct db_result *r,
		       const char *label, const char *class)
{
	struct buffer link = BUFFER_INIT;

	buffer_printf(&link, "/%s?application=%s", name, db_text_at(r, 0));
	markup_element(m, "a", label, "class", class, "href", link.data, NULL);
	buffer_release(&link);
}

static void write_card(struct markup *m, const struct db_result *r)
{
	const char *page = db_text_at(r, 2), *link = db_text_at(r, 7);
	bool elsewhere = *page && strcmp(page, "apply/status") != 0;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", *db_text_at(r, 5) ? db_text_at(r, 5) : "未填企业名称", "class",
		       "yj-card__title", NULL);
	markup_element(m, "p", db_text_at(r, 1), "class", "yj-hint", NULL);
	markup_open(m, "p", NULL);
	markup_element(m, "strong", db_text_at(r, 3), NULL);
	markup_printf(m, "，从 %s 起", db_text_at(r, 6));
	markup_close(m, "p");
	markup_element(m, "p", db_text_at(r, 4), NULL);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	write_link(m, "apply/status", r, *page && !elsewhere ? link : "查看进度",
		   elsewhere ? "weui-btn weui-btn_default" : "weui-btn weui-btn_primary");
	if (elsewhere)
		write_link(m, page, r, link, "weui-btn weui-btn_primary");
	markup_close(m, "div");
	markup_close(m, "section");
}

static void write_more(struct markup *m, const char *last)
{
	struct buffer link = BUFFER_INIT;

	buffer_printf(&link, "/apply/mine?before=%s", last);
	markup_open(m, "p", "class", "yj-more", NULL);
	markup_element(m, "a", "更早的申请", "href", link.data, NULL);
	markup_close(m, "p");
	buffer_release(&link);
}

static void write_cards(struct markup *m, struct db_result *r)
{
	char last[PUBLIC_ID_SIZE] = "";
	int count = 0;

	while (db_next(r)) {
		if (count++ == CARDS) {
			write_more(m, last);
			break;
		}
		write_card(m, r);
		snprintf(last, sizeof(last), "%s", db_text_at(r, 0));
	}
	if (!count)
		markup_element(m, "p",
			       "还没有申请。请用微信扫描业务二维码，或点下面的“办理新业务”。",
			       "class", "yj-lead", NULL);
}

static void show(struct page *p)
{
	const char *before = request_query(p->request, "before");
	struct db_result *r = select_cards(p, before && is_public_id(before) ? before : NULL);
	struct markup *m = layout_begin(p, "我的业务", 0);

	write_cards(m, r);
	db_result_free(r);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	markup_element(m, "a", "办理新业务", "class", "weui-btn weui-btn_default", "href",
		       "/apply/start", NULL);
	markup_close(m, "div");
	layout_form_to(p, "apply/logout", false);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	markup_element(m, "button", "退出登录", "type", "submit", "class",
		       "weui-btn weui-btn_default", NULL);
	markup_close(m, "div");
	markup_close(m, "form");
	layout_end(p);
}

static const struct page_spec spec = {
	.name = "apply/mine",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
