/* apply/status: where an application stands, what comes next, what to mend. */
#include "base/die.h"
#include "case/own.h"
#include "identity/identity.h"
#include "page/layout.h"
#include "review/review.h"
#include "status-refund.h"
#include "subscribe-card.h"

static bool waits_for_applicant(const struct case_standing *s)
{
	return !strcmp(s->waits_for, "applicant");
}

static bool has_ended(const struct case_standing *s)
{
	return !*s->waits_for;
}

static void write_now(struct page *p, const struct case_standing *s)
{
	struct markup *m = p->markup;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", s->label, "class", "yj-card__title", NULL);
	markup_open(m, "p", "class", "yj-hint", NULL);
	markup_printf(m, "%s%s%s", s->company, *s->company ? "，" : "",
		      p->application.project_name);
	markup_close(m, "p");
	markup_element(m, "p", s->next, "class", "yj-lead", NULL);
	if (*s->deadline && !has_ended(s)) {
		markup_open(m, "p", NULL);
		markup_printf(m,
			      waits_for_applicant(s) ? "请在 %s（北京时间）之前完成。" :
						       "预计在 %s（北京时间）之前完成。",
			      s->deadline);
		markup_close(m, "p");
	}
	markup_close(m, "section");
}

/* --- what a reviewer wants mended --- */

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
			      const struct review_open *r)
{
	markup_open(m, "span", "class", "yj-row__title", NULL);
	markup_printf(m, "%s · %s", title, label);
	markup_close(m, "span");
	markup_element(m, "span", r->text, "class", "yj-row__text", NULL);
	if (*r->note) {
		markup_open(m, "span", "class", "yj-row__text", NULL);
		markup_printf(m, "审核员说明：%s", r->note);
		markup_close(m, "span");
	}
	markup_element(m, "span", r->mended ? "✓ 已修改" : "去修改", "class",
		       r->mended ? "yj-reason__done" : "yj-reason__open", NULL);
}

static void write_reason(struct page *p, const struct review_open *r)
{
	const struct form *form = form_by_name(r->form);
	const struct form_field *field = form ? form_field(form, r->field) : NULL;
	struct buffer name = BUFFER_INIT, link = BUFFER_INIT;
	struct markup *m = p->markup;

	if (!form)
		die("a reason names the form %s", r->form);
	buffer_printf(&name, "apply/%s", form->name);
	layout_path(p, name.data, &link);
	if (field)
		buffer_printf(&link, "#field-%s", field->name);
	markup_open(m, "li", "class", "yj-reason", NULL);
	markup_open(m, "a", "class", "yj-row", "href", link.data, NULL);
	if (*r->scan)
		write_thumbnail(p, r->scan, field ? field->label : form->title);
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
	struct db_result *r = review_open(p->db, p->application.id);
	struct review_open reason;
	struct markup *m = p->markup;
	int open = 0;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "需要修改的内容", "class", "yj-card__title", NULL);
	markup_open(m, "ul", "class", "yj-reasons", NULL);
	while (review_open_next(r, &reason)) {
		open += !reason.mended;
		write_reason(p, &reason);
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
static void write_history(struct page *p, const struct case_standing *s)
{
	struct db_result *r = case_timeline(p->db, p->application.id);
	struct case_moment moment;
	struct markup *m = p->markup;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "办理记录", "class", "yj-card__title", NULL);
	markup_open(m, "ol", "class", "yj-timeline", NULL);
	while (case_timeline_next(r, &moment))
		write_moment(m, "yj-timeline__item yj-timeline__item_done", moment.words, moment.at,
			     false);
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

static void write_action(struct page *p, const struct case_standing *s)
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
	struct db_result *r = case_standing(p->db, p->application.id);
	struct case_standing s;
	struct markup *m;

	if (!case_standing_next(r, &s))
		die("application %lld stands in no state of its flow",
		    (long long)p->application.id);
	m = layout_begin(p, "办理进度", 0);
	write_now(p, &s);
	write_again(p);
	write_decision(p);
	write_action(p, &s);
	status_refund(p);
	if (!has_ended(&s))
		subscribe_card(p);
	write_history(p, &s);
	if (flow_is_open(&p->application.flow, "cancel"))
		write_link(p, "apply/cancel", "取消申请", "weui-btn weui-btn_default");
	markup_open(m, "p", "class", "yj-hint", NULL);
	markup_element(m, "a", "我的业务", "href", "/apply/mine", NULL);
	markup_close(m, "p");
	layout_end(p);
	db_result_free(r);
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
