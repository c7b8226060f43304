/* apply/status: where an application stands, what comes next, what to mend. */
#include "base/die.h"
#include "identity/identity.h"
#include "page/layout.h"
#include "review/review.h"
#include "status-refund.h"
#include "subscribe-card.h"

/* The application as this page needs it. */
struct standing {
	char company[400], since[32], deadline[32];
	char label[256], next[1700];
	char page[FLOW_PAGE_MAX + 1], link[128];
	bool waits_for_applicant, ended;
};

static void load(struct page *p, struct standing *s)
{
	struct db_result *r = db_select(
		p->db,
		"SELECT c.name, z.label, z.next, z.waits_for,"
		" DATE_FORMAT(a.state_since" LAYOUT_MINUTE_SQL ","
		" DATE_FORMAT(a.deadline_at" LAYOUT_MINUTE_SQL ", " FLOW_PAGE_SQL ", z.link"
		" FROM application a"
		" JOIN flow_state z ON z.flow_version = a.flow_version AND z.state = a.state"
		" LEFT JOIN company c ON c.application = a.id WHERE a.id = ?",
		DB_ARGS(db_int(p->application.id)));

	if (!db_next(r))
		die("application %lld stands in no state of its flow",
		    (long long)p->application.id);
	snprintf(s->company, sizeof(s->company), "%s", db_text_at(r, 0));
	snprintf(s->label, sizeof(s->label), "%s", db_text_at(r, 1));
	snprintf(s->next, sizeof(s->next), "%s", db_text_at(r, 2));
	s->waits_for_applicant = !strcmp(db_text_at(r, 3), "applicant");
	s->ended = !*db_text_at(r, 3);
	snprintf(s->since, sizeof(s->since), "%s", db_text_at(r, 4));
	snprintf(s->deadline, sizeof(s->deadline), "%s", db_text_at(r, 5));
	snprintf(s->page, sizeof(s->page), "%s", db_text_at(r, 6));
	snprintf(s->link, sizeof(s->link), "%s", db_text_at(r, 7));
	db_result_free(r);
}

static void write_now(struct page *p, const struct standing *s)
{
	struct markup *m = p->markup;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", s->label, "class", "yj-card__title", NULL);
	markup_open(m, "p", "class", "yj-hint", NULL);
	markup_printf(m, "%s%s%s", s->company, *s->company ? "，" : "",
		      p->application.project_name);
	markup_close(m, "p");
	markup_element(m, "p", s->next, "class", "yj-lead", NULL);
	if (*s->deadline && !s->ended) {
		markup_open(m, "p", NULL);
		markup_printf(m,
			      s->waits_for_applicant ? "请在 %s（北京时间）之前完成。" :
						       "预计在 %s（北京时间）之前完成。",
			      s->deadline);
		markup_close(m, "p");
	}
	markup_close(m, "section");
}

/* --- what a reviewer wants mended --- */

static struct db_result *select_reasons(struct page *p)
{
	return db_select(p->db,
			 "SELECT r.form, r.field, t.text, r.note, r.mended_at IS NOT NULL,"
			 " s.public_id FROM reason r JOIN reason_text t ON t.code = r.code"
			 " LEFT JOIN scan s ON s.id = r.scan AND s.removed_at IS NULL"
			 " WHERE r.application = ? AND r.closed_at IS NULL ORDER BY r.id",
			 DB_ARGS(db_int(p->application.id)));
}

static void write_thumbnail(struct page *p, const char *scan, const char *label)
{
	struct buffer image = BUFFER_INIT, alt = BUFFER_INIT;

	layout_path(p, "apply/image", &image);
	buffer_printf(&image, "&scan=%s&size=thumb", scan);
	buffer_printf(&alt, "%s，要重新拍的照片", label);
	markup_void(p->markup, "img", "class", "yj-reason__scan", "src", image.data, "alt",
		    alt.data, "loading", "lazy", NULL);
	buffer_release(&image);
	buffer_release(&alt);
}

static void write_reason_text(struct markup *m, const char *title, const char *label,
			      const struct db_result *r)
{
	markup_open(m, "span", "class", "yj-row__title", NULL);
	markup_printf(m, "%s · %s", title, label);
	markup_close(m, "span");
	markup_element(m, "span", db_text_at(r, 2), "class", "yj-row__text", NULL);
	if (*db_text_at(r, 3)) {
		markup_open(m, "span", "class", "yj-row__text", NULL);
		markup_printf(m, "审核员说明：%s", db_text_at(r, 3));
		markup_close(m, "span");
	}
	markup_element(m, "span", db_int_at(r, 4) ? "✓ 已修改" : "去修改", "class",
		       db_int_at(r, 4) ? "yj-reason__done" : "yj-reason__open", NULL);
}

static void write_reason(struct page *p, const struct db_result *r)
{
	const struct form *form = form_by_name(db_text_at(r, 0));
	const struct form_field *field = form ? form_field(form, db_text_at(r, 1)) : NULL;
	struct buffer name = BUFFER_INIT, link = BUFFER_INIT;
	struct markup *m = p->markup;

	if (!form)
		die("a reason names the form %s", db_text_at(r, 0));
	buffer_printf(&name, "apply/%s", form->name);
	layout_path(p, name.data, &link);
	if (field)
		buffer_printf(&link, "#field-%s", field->name);
	markup_open(m, "li", "class", "yj-reason", NULL);
	markup_open(m, "a", "class", "yj-row", "href", link.data, NULL);
	if (!db_is_null(r, 5))
		write_thumbnail(p, db_text_at(r, 5), field ? field->label : form->title);
	write_reason_text(m, form->title, field ? field->label : "整张表", r);
	markup_close(m, "a");
	markup_close(m, "li");
	buffer_release(&name);
	buffer_release(&link);
}

static void write_resubmit(struct page *p, int open)
{
	struct markup *m = p->markup;

	if (open) {
		markup_open(m, "p", "class", "yj-warning", NULL);
		markup_printf(m, "还有 %d 处没有修改，全部改好后才能重新提交。", open);
		markup_close(m, "p");
		return;
	}
	layout_form_to(p, "apply/resubmit", false);
	layout_buttons(p, NULL, "重新提交");
	markup_close(m, "form");
}

static void write_correction(struct page *p)
{
	struct db_result *r = select_reasons(p);
	struct markup *m = p->markup;
	int open = 0;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "需要修改的内容", "class", "yj-card__title", NULL);
	markup_open(m, "ul", "class", "yj-reasons", NULL);
	while (db_next(r)) {
		open += !db_int_at(r, 4);
		write_reason(p, r);
	}
	markup_close(m, "ul");
	markup_close(m, "section");
	db_result_free(r);
	write_resubmit(p, open);
}

/* --- what happened --- */

static void write_moment(struct markup *m, const char *class, const char *words, const char *when,
			 bool now)
{
	markup_open(m, "li", "class", class, "aria-current", now ? "step" : NULL, NULL);
	markup_element(m, "span", words, "class", "yj-timeline__what", NULL);
	markup_text(m, " ");
	markup_element(m, "time", when, "class", "yj-timeline__when", NULL);
	markup_close(m, "li");
}

/* Only moves are shown, and what flow_event says: a form opened and saved again
 * is no step. */
static void write_history(struct page *p, const struct standing *s)
{
	struct db_result *r = db_select(
		p->db,
		"SELECT w.applicant, DATE_FORMAT(e.at" LAYOUT_MINUTE_SQL
		" FROM event e" FLOW_WORDS_JOIN " WHERE e.application = ? AND w.applicant <> ''"
		" AND (e.from_state <> e.to_state OR w.applicant_stays) ORDER BY e.id",
		DB_ARGS(db_int(p->application.id)));
	struct markup *m = p->markup;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "办理记录", "class", "yj-card__title", NULL);
	markup_open(m, "ol", "class", "yj-timeline", NULL);
	while (db_next(r))
		write_moment(m, "yj-timeline__item yj-timeline__item_done", db_text_at(r, 0),
			     db_text_at(r, 1), false);
	write_moment(m, "yj-timeline__item yj-timeline__item_now", s->label, s->since, true);
	markup_close(m, "ol");
	markup_close(m, "section");
	db_result_free(r);
}

/* --- what to do --- */

static void write_link(struct page *p, const char *name, const char *label, const char *class)
{
	struct buffer link = BUFFER_INIT;

	layout_path(p, name, &link);
	markup_open(p->markup, "div", "class", "yj-buttons", NULL);
	markup_element(p->markup, "a", label, "class", class, "href", link.data, NULL);
	markup_close(p->markup, "div");
	buffer_release(&link);
}

/* Why a clerk refused the identity check, or the whole. */
static void write_decision(struct page *p)
{
	struct markup *m = p->markup;
	struct buffer words = BUFFER_INIT;

	if (review_of_case(p->db, p->application.id, p->application.state, &words)) {
		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "审核意见", "class", "yj-card__title", NULL);
		markup_element(m, "p", buffer_text(&words), "class", "yj-warning", NULL);
		markup_close(m, "section");
	}
	buffer_release(&words);
}

/* Why an identity check that was passed is to be done once more. */
static void write_again(struct page *p)
{
	struct markup *m = p->markup;
	struct buffer why = BUFFER_INIT;

	if (identity_again_words(p->db, p->application.id, &why)) {
		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "为什么要重新鉴别", "class", "yj-card__title", NULL);
		markup_element(m, "p", buffer_text(&why), "class", "yj-warning", NULL);
		markup_close(m, "section");
	}
	buffer_release(&why);
}

static void write_action(struct page *p, const struct standing *s)
{
	const char *state = p->application.state;

	if (!strcmp(state, "awaiting_correction")) {
		write_correction(p);
	} else if (!strcmp(state, "awaiting_receipt")) {
		layout_form_to(p, "apply/receipt", false);
		layout_buttons(p, NULL, "确认收货");
		markup_close(p->markup, "form");
	} else if (*s->page) {
		write_link(p, s->page, s->link, "weui-btn weui-btn_primary");
	}
}

static void show(struct page *p)
{
	struct standing s = { .ended = false };
	struct markup *m;

	load(p, &s);
	m = layout_begin(p, "办理进度", 0);
	write_now(p, &s);
	write_again(p);
	write_decision(p);
	write_action(p, &s);
	status_refund(p);
	if (!s.ended)
		subscribe_card(p);
	write_history(p, &s);
	if (flow_is_open(&p->application.flow, "cancel"))
		write_link(p, "apply/cancel", "取消申请", "weui-btn weui-btn_default");
	markup_open(m, "p", "class", "yj-hint", NULL);
	markup_element(m, "a", "我的业务", "href", "/apply/mine", NULL);
	markup_close(m, "p");
	layout_end(p);
}

static const struct page_spec spec = {
	.name = "apply/status",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.application = PAGE_OWN_APPLICATION,
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
