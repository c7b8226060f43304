/* apply/mine: the applicant's own applications, newest first. */
#include "case/own.h"
#include "page/layout.h"

#define CARDS 20

static void write_link(struct markup *m, const char *name, const struct case_card *c,
		       const char *label, const char *class)
{
	struct buffer link = BUFFER_INIT;

	buffer_printf(&link, "/%s?application=%s", name, c->public_id);
	markup_element(m, "a", label, "class", class, "href", link.data, NULL);
	buffer_release(&link);
}

static void write_card(struct markup *m, const struct case_card *c)
{
	bool elsewhere = *c->page && strcmp(c->page, "apply/status") != 0;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", *c->company ? c->company : "未填企业名称", "class",
		       "yj-card__title", NULL);
	markup_element(m, "p", c->project, "class", "yj-hint", NULL);
	markup_open(m, "p", NULL);
	markup_element(m, "strong", c->label, NULL);
	markup_printf(m, "，从 %s 起", c->since);
	markup_close(m, "p");
	markup_element(m, "p", c->next, NULL);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	write_link(m, "apply/status", c, *c->page && !elsewhere ? c->link : "查看进度",
		   elsewhere ? "weui-btn weui-btn_default" : "weui-btn weui-btn_primary");
	if (elsewhere)
		write_link(m, c->page, c, c->link, "weui-btn weui-btn_primary");
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
	struct case_card c;
	int count = 0;

	while (case_cards_next(r, &c)) {
		if (count++ == CARDS) {
			write_more(m, last);
			break;
		}
		write_card(m, &c);
		snprintf(last, sizeof(last), "%s", c.public_id);
	}
	if (!count)
		markup_element(m, "p",
			       "还没有申请。请用微信扫描业务二维码，或点下面的“办理新业务”。",
			       "class", "yj-lead", NULL);
}

static void show(struct page *p)
{
	const char *before = request_query(p->request, "before");
	struct db_result *r = case_cards(p->db, p->session.subject,
					 before && is_public_id(before) ? before : NULL, CARDS + 1);
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
