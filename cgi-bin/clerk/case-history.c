/* case-history.c: what happened to an application so far, in words. */
#include "case-history.h"

#include "applicant/agreement.h"
#include "case/case.h"
#include "identity/shown.h"
#include "page/layout.h"
#include "review/review.h"

void case_field_text(const char *form, const char *field, int page, struct buffer *out)
{
	const struct form *f = form_by_name(form);
	const struct form_field *known = f ? form_field(f, field) : NULL;

	if (!known)
		return;
	buffer_printf(out, "%s · %s", f->title, known->label);
	if (page && known->pages > 1)
		buffer_printf(out, " 第 %d 页", page);
}

static void pair(struct markup *m, const char *label, const char *text)
{
	markup_open(m, "div", NULL);
	markup_element(m, "dt", label, NULL);
	markup_element(m, "dd", text, NULL);
	markup_close(m, "div");
}

/* The consent of its own, without which no face is kept: the agreement may have
 * said no, and this one yes. */
static void write_face_consent(struct page *p)
{
	struct identity_given consent;
	struct buffer text = BUFFER_INIT;

	if (!identity_consent_last(p->db, p->application.id, &consent)) {
		buffer_puts(&text, "没有");
	} else {
		buffer_printf(&text, "版本 %s，%s 同意", consent.version, consent.given);
		if (*consent.withdrawn)
			buffer_printf(&text, "，%s 撤回", consent.withdrawn);
	}
	pair(p->markup, "人脸信息的单独同意", buffer_text(&text));
	buffer_release(&text);
}

void case_write_agreement(struct page *p)
{
	struct db_result *r = applicant_agreement(p->db, p->application.id);
	struct applicant_agreement a;
	struct markup *m = p->markup;

	if (applicant_agreement_next(r, &a)) {
		struct buffer text = BUFFER_INIT;

		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "协议与授权", "class", "yj-card__title", NULL);
		markup_open(m, "dl", "class", "yj-view", NULL);
		buffer_printf(&text, "%s，版本 %s，%s 同意", a.title, a.version, a.accepted);
		pair(m, "用户协议", buffer_text(&text));
		pair(m, "同意处理身份证件信息", a.consent_identity ? "是" : "否");
		pair(m, "同意向外部核验", a.consent_third_party ? "是" : "否");
		pair(m, "签协议时同意采集人脸信息", a.consent_face ? "是" : "否");
		write_face_consent(p);
		markup_close(m, "dl");
		markup_close(m, "section");
		buffer_release(&text);
	}
	db_result_free(r);
}

static void write_reason(struct markup *m, const struct review_reason *r)
{
	struct buffer text = BUFFER_INIT;

	markup_open(m, "tr", NULL);
	case_field_text(r->form, r->field, r->page, &text);
	markup_element(m, "td", buffer_text(&text), NULL);
	buffer_reset(&text);
	buffer_puts(&text, r->text);
	if (*r->note)
		buffer_printf(&text, "（%s）", r->note);
	markup_element(m, "td", buffer_text(&text), NULL);
	markup_element(m, "td", r->reviewer, NULL);
	markup_element(m, "td", r->at, NULL);
	markup_element(m, "td", r->mended ? "已修改" : r->closed ? "未修改" : "待修改", NULL);
	markup_close(m, "tr");
	buffer_release(&text);
}

void case_write_reasons(struct page *p)
{
	static const char *const heads[] = { "项目", "原因", "审核员", "时间", "状态" };
	struct db_result *rows = review_reasons(p->db, p->application.id);
	struct markup *m = p->markup;
	struct review_reason reason;

	if (review_reason_next(rows, &reason)) {
		markup_open(m, "section", "class", "yj-card", NULL);
		markup_element(m, "h2", "审核意见", "class", "yj-card__title", NULL);
		layout_table(m, "审核意见", heads, ARRAY_SIZE(heads));
		do
			write_reason(m, &reason);
		while (review_reason_next(rows, &reason));
		layout_table_end(m);
		markup_close(m, "section");
	}
	db_result_free(rows);
}

static const char *actor_text(const struct case_event *e)
{
	if (strcmp(e->role, "applicant") == 0)
		return "申请人";
	if (strcmp(e->role, "push") == 0)
		return "外部系统";
	if (strcmp(e->role, "cron") == 0)
		return "定时任务";
	return e->staff;
}

static void write_event(struct markup *m, const struct case_event *e)
{
	struct buffer text = BUFFER_INIT;

	buffer_printf(&text, "%s %s %s", e->at, actor_text(e), e->words);
	if (strcmp(e->event, "reveal") == 0) {
		buffer_puts(&text, e->face ? "：人像材料" : "：");
		case_field_text(e->form, e->field, 0, &text);
	}
	if (e->has_reason)
		buffer_printf(&text, "：%s", e->reason);
	markup_element(m, "li", buffer_text(&text), "class",
		       "yj-timeline__item yj-timeline__item_done", NULL);
	buffer_release(&text);
}

/* What the applicant did within one state (saves, uploads) is left out. */
void case_write_history(struct page *p)
{
	struct db_result *rows = case_history(p->db, p->application.id);
	struct markup *m = p->markup;
	struct case_event event;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "办理记录", "class", "yj-card__title", NULL);
	markup_open(m, "ol", "class", "yj-timeline", NULL);
	while (case_history_next(rows, &event))
		write_event(m, &event);
	markup_close(m, "ol");
	markup_close(m, "section");
	db_result_free(rows);
}
