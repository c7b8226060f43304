/* case-identity.c: the identity check of a case, for the pages that show it. */
#include "case-identity.h"

#include "base/die.h"
#include "case/case.h"
#include "page/layout.h"

static const char *const state_words[IDENTITY_STATE_COUNT] = {
	[IDENTITY_BEGUN] = "进行中",      [IDENTITY_HANDED_IN] = "已提交，处理中",
	[IDENTITY_REVIEW] = "待人工核对", [IDENTITY_PASSED] = "通过",
	[IDENTITY_FAILED] = "未通过",     [IDENTITY_REPEAT] = "请申请人重录",
	[IDENTITY_LAPSED] = "已失效",
};

const char *case_attempt_state(enum identity_state state)
{
	return state_words[state];
}

void case_subject_load(struct page *p, struct case_subject *s)
{
	struct identity_plan plan;
	const struct form *form;

	identity_plan_load(p->db, p->application.id, &plan);
	form = form_by_name(plan.legal_rep ? "legal-rep" : "agent");
	if (!form)
		die("no form of the person to be checked");
	s->owner = page_form_owner(p);
	s->values = form_values_new(form);
	form_load(&s->owner, false, s->values);
}

void case_subject_release(struct case_subject *s)
{
	form_values_free(s->values);
}

void case_subject_text(const struct case_subject *s, const char *field, enum form_masking masking,
		       struct buffer *out)
{
	const struct form *form = s->values->form;

	for (size_t i = 0; i < form->field_count; i++)
		if (!strcmp(form->field[i].name, field))
			form_value_text(&s->owner, s->values, i, masking, out);
}

static void write_card(struct page *p, const struct scan *scan)
{
	struct markup *m = p->markup;
	struct buffer link = BUFFER_INIT;

	layout_path(p, "clerk/image", &link);
	buffer_printf(&link, "&scan=%s", scan->public_id);
	markup_open(m, "a", "href", buffer_text(&link), "data-yj-picture", "", NULL);
	markup_void(m, "img", "src", buffer_text(&link), "alt", "身份证人像面", NULL);
	markup_close(m, "a");
	buffer_release(&link);
}

void case_subject_card(struct page *p, const struct case_subject *s)
{
	struct markup *m = p->markup;
	bool found = false;

	markup_open(m, "figure", "class", "yj-figure", NULL);
	markup_element(m, "figcaption", "身份证（人像面）", NULL);
	for (size_t i = 0; i < s->values->scan_count && !found; i++) {
		found = !strcmp(s->values->scan[i].field, "id_front");
		if (found)
			write_card(p, &s->values->scan[i]);
	}
	if (!found)
		markup_element(m, "p", "没有上传。", NULL);
	markup_close(m, "figure");
}

bool case_face_is_open(struct page *p, const struct identity_attempt *a)
{
	return case_face_asked(p->db, p->application.id, p->session.subject, a->public_id,
			       CASE_FACE_OPEN_MIN);
}

const char *case_identity_fault(struct page *p)
{
	if (strcmp(p->application.state, "awaiting_review") != 0 &&
	    strcmp(p->application.state, "awaiting_second_review") != 0)
		return NULL;
	if (identity_proven(p->db, page_vault(p), p->application.id))
		return NULL;
	return "通过身份鉴别的不是现在资料上的这个人：姓名或身份证号码在鉴别以后改过，或者还没有人通过。"
	       "所以不能通过审核。请在姓名或号码上选原因，点“退回修改”，申请人重新提交以后会先重新做身份鉴别。";
}

/* Of whom a passed attempt is. */
static const char *words_of_person(struct page *p, const struct identity_attempt *a)
{
	if (a->state != IDENTITY_PASSED)
		return "";
	return identity_is_of_person(p->db, page_vault(p), a->id) ? "现在资料上的这个人" :
								    "另一个人：资料后来改过";
}

static void write_attempt(struct page *p, const struct identity_listed *listed)
{
	struct markup *m = p->markup;
	struct buffer link = BUFFER_INIT;
	struct identity_attempt a;

	if (!identity_find(p->db, listed->id, &a))
		return;
	markup_open(m, "tr", NULL);
	markup_element(m, "td",
		       a.method < IDENTITY_METHOD_COUNT ? identity_ways[a.method].label : "", NULL);
	markup_element(m, "td", state_words[a.state], NULL);
	markup_element(m, "td", words_of_person(p, &a), NULL);
	markup_element(m, "td", listed->begun, NULL);
	markup_open(m, "td", NULL);
	if (*listed->gone) {
		markup_printf(m, "人像材料已于 %s 删除", listed->gone);
	} else if (identity_has_faces(p->db, a.id)) {
		layout_path(p, "clerk/identity", &link);
		buffer_printf(&link, "&attempt=%s", a.public_id);
		markup_element(m, "a", "查看", "href", buffer_text(&link), NULL);
	}
	markup_close(m, "td");
	markup_close(m, "tr");
	buffer_release(&link);
}

static void write_attempts(struct page *p)
{
	static const char *const heads[] = { "方式", "结果", "是谁的", "开始时间", "人像材料" };
	struct markup *m = p->markup;
	struct db_result *r = identity_list(p->db, p->application.id);
	struct identity_listed listed;
	int written = 0;

	while (identity_list_next(r, &listed)) {
		if (!written++)
			layout_table(m, "鉴别记录", heads, ARRAY_SIZE(heads));
		write_attempt(p, &listed);
	}
	if (written)
		layout_table_end(m);
	else
		markup_element(m, "p", "还没有做过。", "class", "yj-hint", NULL);
	db_result_free(r);
}

static void write_link(struct page *p, const char *name, const char *label)
{
	struct buffer link = BUFFER_INIT;

	layout_path(p, name, &link);
	markup_open(p->markup, "div", "class", "yj-buttons", NULL);
	markup_element(p->markup, "a", label, "class", "weui-btn weui-btn_primary", "href",
		       buffer_text(&link), NULL);
	markup_close(p->markup, "div");
	buffer_release(&link);
}

/* Shown when the project asks for the check, or when it was made. */
void case_write_identity(struct page *p)
{
	const char *state = p->application.state;
	struct markup *m = p->markup;

	if (!identity_concerns(p->db, p->application.id))
		return;
	markup_open(m, "section", "class", "yj-card", "id", "identity", NULL);
	markup_element(m, "h2", "身份鉴别", "class", "yj-card__title", NULL);
	if (case_identity_fault(p))
		markup_element(m, "p", case_identity_fault(p), "class", "yj-warning", NULL);
	write_attempts(p);
	if (!strcmp(state, "awaiting_identity_review"))
		write_link(p, "clerk/identity", "核对身份");
	if (!strcmp(state, "awaiting_identity"))
		write_link(p, "clerk/in-person", "窗口核验");
	markup_close(m, "section");
}
