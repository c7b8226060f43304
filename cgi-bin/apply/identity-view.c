/* identity-view.c: the choice of a method of the identity check. */
#include "identity-view.h"

#include "page/layout.h"
#include "review/review.h"
#include "video/video.h"

/* What an ended attempt is told to the applicant when no clerk gave a reason; by
 * method, state and, of a recording, verdict. */
static const char *words_of_end(const struct identity_attempt *a, const char *verdict)
{
	if (a->state == IDENTITY_LAPSED)
		return "上一次没有在规定时间内完成，请重新选择验证方式。";
	if (a->state == IDENTITY_FAILED)
		return a->method == IDENTITY_CLOUD ?
			       "上一次刷脸没有通过。请到光线好的地方，摘下口罩和墨镜，由本人再试一次，也可以换一种方式。" :
			       "工作人员核对后没有通过。请确认由本人完成后再试一次，或者到窗口办理。";
	if (a->method == IDENTITY_CLOUD)
		return "刷脸服务没有给出结果，这一次不算次数。请再试一次，也可以换一种方式。";
	for (int i = 0; i < VIDEO_VERDICT_COUNT; i++)
		if (!strcmp(verdict, video_verdict_names[i]))
			return video_verdict_words[i];
	return "工作人员请您重新录制一次，这一次不算次数。";
}

static void write_last(struct page *p, const struct identity_attempt *a)
{
	struct buffer reason = BUFFER_INIT;
	struct markup *m = p->markup;
	char verdict[33];

	if (a->state != IDENTITY_FAILED && a->state != IDENTITY_REPEAT &&
	    a->state != IDENTITY_LAPSED)
		return;
	identity_verdict(p->db, a->id, verdict);
	markup_open(m, "p", "class", "yj-warning", "role", "status", NULL);
	if (a->state != IDENTITY_LAPSED &&
	    review_of_case(p->db, p->application.id, p->application.state, &reason))
		markup_printf(m, "%s%s",
			      a->state == IDENTITY_FAILED ? "上一次人工核对没有通过：" :
							    "工作人员请您重新做一次：",
			      buffer_text(&reason));
	else
		markup_text(m, words_of_end(a, verdict));
	markup_close(m, "p");
	buffer_release(&reason);
}

/* Another person is named since the check was passed. */
static void write_again(struct page *p)
{
	struct buffer why = BUFFER_INIT;

	if (identity_again_words(p->db, p->application.id, &why))
		markup_element(p->markup, "p", buffer_text(&why), "class", "yj-warning", NULL);
	buffer_release(&why);
}

static void write_link(struct page *p, const char *name, const char *words, const char *class)
{
	struct buffer path = BUFFER_INIT;

	layout_path(p, name, &path);
	markup_element(p->markup, "a", words, "class", class, "href", buffer_text(&path), NULL);
	buffer_release(&path);
}

/* One that is under way is gone on with, not begun anew. */
static void write_under_way(struct page *p, const struct identity_attempt *a)
{
	bool waits = a->state == IDENTITY_HANDED_IN;
	bool records = a->state == IDENTITY_BEGUN && a->method == IDENTITY_RECORDED;
	struct markup *m = p->markup;

	if (!waits && !records)
		return;
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", waits ? "上一次正在等结果" : "录像还没有交", "class",
		       "yj-card__title", NULL);
	markup_element(m, "p",
		       waits ? "一般一分钟内出结果，不用重新做。" :
			       "已经开始录像的，请从这里继续，不要重新选择，否则会多用一次机会。",
		       NULL);
	markup_open(m, "div", "class", "yj-buttons", NULL);
	write_link(p, waits ? "apply/identity-return" : "apply/record",
		   waits ? "查看结果" : "继续录像", "weui-btn weui-btn_primary");
	markup_close(m, "div");
	markup_close(m, "section");
}

void identity_view_in_person(struct page *p, const struct identity_plan *plan)
{
	struct markup *m = p->markup;

	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "到窗口办理", "class", "yj-card__title", NULL);
	markup_element(m, "p", plan->in_person_place, "class", "yj-lead", NULL);
	markup_open(m, "p", NULL);
	markup_printf(
		m,
		"请由%s%s本人带身份证原件，向工作人员报单位名称。核验通过后，这里会自动进入下一步。",
		plan->legal_rep ? "法定代表人" : "经办人", plan->subject);
	markup_close(m, "p");
	markup_element(m, "p", "改变主意的，可以在下面换一种方式。", "class", "yj-hint", NULL);
	markup_close(m, "section");
}

static bool is_open(const struct identity_plan *plan, enum identity_method method)
{
	const struct identity_way *way = &identity_ways[method];

	return identity_method_in(plan->methods, method) && (!way->face || plan->tries_left > 0) &&
	       (method != IDENTITY_RECORDED || plan->uploads_left > 0);
}

/* The method ticked beforehand: the one just chosen, else the one of the order. */
static enum identity_method preselected(const struct identity_plan *plan,
					const struct identity_choice *choice)
{
	int open = 0;
	enum identity_method only = IDENTITY_METHOD_COUNT;

	if (choice->method < IDENTITY_METHOD_COUNT)
		return choice->method;
	if (plan->wish < IDENTITY_METHOD_COUNT && is_open(plan, plan->wish))
		return plan->wish;
	for (int method = 0; method < IDENTITY_METHOD_COUNT; method++)
		if (is_open(plan, method)) {
			only = method;
			open++;
		}
	return open == 1 ? only : IDENTITY_METHOD_COUNT;
}

static void write_way(struct page *p, enum identity_method method, bool first, bool checked,
		      const char *described_by)
{
	const struct identity_way *way = &identity_ways[method];
	struct markup *m = p->markup;
	struct buffer id = BUFFER_INIT;

	buffer_puts(&id, "method");
	if (!first)
		buffer_printf(&id, "_%s", way->name);
	markup_open(m, "label", "class", "yj-choice", NULL);
	markup_void(m, "input", "type", "radio", "id", buffer_text(&id), "name", "method", "value",
		    way->name, "checked", checked ? "checked" : NULL, "aria-describedby",
		    first ? described_by : NULL, NULL);
	markup_element(m, "span", way->label, "class", "yj-choice__label", NULL);
	markup_element(m, "span", way->hint, "class", "yj-choice__hint", NULL);
	markup_close(m, "label");
	buffer_release(&id);
}

static void write_tries(struct markup *m, const struct identity_plan *plan)
{
	bool face = identity_method_in(plan->methods, IDENTITY_CLOUD) ||
		    identity_method_in(plan->methods, IDENTITY_RECORDED);

	if (!face)
		return;
	markup_open(m, "p", "class", "yj-field__hint", "id", "hint-method", NULL);
	if (plan->tries_left)
		markup_printf(m, "刷脸或录像没有通过的，最多可以试 %d 次，还剩 %d 次。",
			      plan->tries_max, plan->tries_left);
	else
		markup_printf(m, "刷脸和录像的 %d 次机会已经用完，请到窗口办理。", plan->tries_max);
	markup_close(m, "p");
}

static void write_ways(struct page *p, const struct identity_plan *plan,
		       const struct identity_choice *choice)
{
	const char *error = choice->method_error;
	enum identity_method chosen = preselected(plan, choice);
	struct markup *m = p->markup;
	bool first = true;

	markup_open(m, "fieldset", "class", error ? "yj-field yj-field_bad" : "yj-field", NULL);
	markup_element(m, "legend", "请选择验证方式", "class", "yj-field__label", NULL);
	write_tries(m, plan);
	if (error)
		markup_element(m, "p", error, "class", "yj-field__error", "id", "error-method",
			       NULL);
	for (int method = 0; method < IDENTITY_METHOD_COUNT; method++)
		if (is_open(plan, method)) {
			write_way(p, method, first, (int)chosen == method,
				  error ? "error-method" : NULL);
			first = false;
		}
	if (first)
		markup_element(m, "p", "现在没有可用的方式，请拨打客服电话。", "id", "method",
			       NULL);
	markup_close(m, "fieldset");
}

static void write_consent_text(struct markup *m, const struct identity_consent *consent)
{
	const char *at = buffer_text(&consent->body);

	markup_open(m, "div", "class", "yj-consent", "id", "hint-consent", NULL);
	while (*at) {
		size_t n = strcspn(at, "\n");

		markup_open(m, "p", NULL);
		markup_printf(m, "%.*s", (int)n, at);
		markup_close(m, "p");
		at += n + strspn(at + n, "\n");
	}
	markup_open(m, "p", "class", "yj-field__hint", NULL);
	markup_printf(m, "版本 %s", consent->version);
	markup_close(m, "p");
	markup_close(m, "div");
}

/* No consent is ticked beforehand, and a check in person needs none. */
static void write_consent_box(struct page *p, const char *error)
{
	struct identity_consent consent;
	struct markup *m = p->markup;

	identity_consent_text(p->db, &consent);
	markup_open(m, "fieldset", "class", error ? "yj-field yj-field_bad" : "yj-field", NULL);
	markup_element(m, "legend", "人脸信息的单独同意", "class", "yj-field__label", NULL);
	markup_element(m, "p", "选择刷脸或录像的需要勾选；到窗口办理的不用。", "class",
		       "yj-field__hint", NULL);
	write_consent_text(m, &consent);
	if (error)
		markup_element(m, "p", error, "class", "yj-field__error", "id", "error-consent",
			       NULL);
	markup_open(m, "label", "class", "yj-choice", NULL);
	markup_void(m, "input", "type", "checkbox", "id", "consent", "name", "consent", "value",
		    consent.version, "aria-invalid", error ? "true" : NULL, "aria-describedby",
		    error ? "error-consent" : "hint-consent", NULL);
	markup_element(m, "span", "我已阅读，单独同意处理人脸信息", "class", "yj-choice__label",
		       NULL);
	markup_close(m, "label");
	markup_close(m, "fieldset");
	identity_consent_release(&consent);
}

static void write_consent(struct page *p, const struct identity_choice *choice)
{
	struct markup *m = p->markup;

	if (!identity_consent_given(p->db, p->application.id)) {
		write_consent_box(p, choice->consent_error);
		return;
	}
	markup_open(m, "p", "class", "yj-hint", NULL);
	markup_text(m, "您已经单独同意处理人脸信息。");
	write_link(p, "apply/face-consent", "查看或撤回同意", NULL);
	markup_close(m, "p");
}

static void write_error(struct markup *m, const char *link, const char *words)
{
	if (!words)
		return;
	markup_open(m, "li", NULL);
	markup_element(m, "a", words, "href", link, NULL);
	markup_close(m, "li");
}

static void write_errors(struct markup *m, const struct identity_choice *choice)
{
	if (!choice->method_error && !choice->consent_error)
		return;
	markup_open(m, "div", "class", "yj-errors", "role", "alert", "tabindex", "-1", NULL);
	markup_element(m, "h2", "还不能继续", NULL);
	markup_open(m, "ul", NULL);
	write_error(m, "#method", choice->method_error);
	write_error(m, "#consent", choice->consent_error);
	markup_close(m, "ul");
	markup_close(m, "div");
}

static void write_form(struct page *p, const struct identity_plan *plan,
		       const struct identity_choice *choice)
{
	struct markup *m = p->markup;

	layout_form_to(p, "apply/identity-start", false);
	markup_open(m, "section", "class", "yj-card", NULL);
	write_ways(p, plan, choice);
	if (is_open(plan, IDENTITY_CLOUD) || is_open(plan, IDENTITY_RECORDED))
		write_consent(p, choice);
	markup_close(m, "section");
	layout_buttons(p, NULL, "下一步");
	markup_close(m, "form");
}

void identity_view(struct page *p, const struct identity_choice *choice)
{
	struct identity_attempt last;
	struct identity_plan plan;
	struct markup *m;
	bool any = identity_latest(p->db, p->application.id, IDENTITY_METHOD_COUNT, &last);

	identity_plan_load(p->db, p->application.id, &plan);
	m = layout_begin(p, "身份鉴别", 0);
	write_errors(m, choice);
	write_again(p);
	if (any)
		write_last(p, &last);
	markup_open(m, "p", "class", "yj-lead", NULL);
	markup_printf(m, "需要确认是%s%s本人在办理，请由本人完成。",
		      plan.legal_rep ? "法定代表人" : "经办人", plan.subject);
	markup_close(m, "p");
	if (any && last.method == IDENTITY_IN_PERSON && last.state == IDENTITY_BEGUN)
		identity_view_in_person(p, &plan);
	else if (any)
		write_under_way(p, &last);
	write_form(p, &plan, choice);
	layout_end(p);
}
