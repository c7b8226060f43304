/* case-view.c: one application as a clerk sees it. */
#include "case-view.h"

#include "base/alloc.h"
#include "case-history.h"
#include "case-identity.h"
#include "page/layout.h"
#include "review/review.h"

#define CONTROL_MAX 112 /* "reason.", form, field and scan */
#define FORM_ID "refuse" /* of the one form to which the controls belong */

const char *const case_reveal_reasons[][2] = {
	{ "compare", "与证明材料核对" },
	{ "contact", "联系申请人" },
	{ "doubt", "核查疑点或投诉" },
	{ NULL, NULL },
};

struct view {
	struct page *p;
	struct markup *m;
	const struct case_view *how;
	struct form_owner owner;
	struct form_values *forms[FLOW_FORMS_MAX];
	size_t form_count;
	struct db_result *offers; /* to which the texts of the next belong */
	struct review_offer *offer;
	size_t offer_count;
	struct review_change *change;
	size_t change_count;
	bool may_approve, may_confirm, may_refuse, may_return, may_reveal, may_reject;
};

bool case_is_personal(const struct form_field *field)
{
	return field->type == FORM_ID_NUMBER || field->type == FORM_MOBILE ||
	       field->type == FORM_LANDLINE || field->type == FORM_ADDRESS;
}

bool case_may_be_mended(const struct form_field *field)
{
	return field->type != FORM_PACKAGE;
}

static void load_forms(struct view *v)
{
	const struct flow_standing *flow = &v->p->application.flow;

	for (size_t i = 0; i < flow->form_count; i++) {
		v->forms[i] = form_values_new(form_by_name(flow->form[i].name));
		form_load(&v->owner, false, v->forms[i]);
		v->form_count++;
	}
}

static void load_moves(struct view *v)
{
	const struct flow_standing *flow = &v->p->application.flow;

	v->may_approve = flow_is_open(flow, "approve");
	v->may_confirm = flow_is_open(flow, "confirm_approval");
	v->may_refuse = flow_is_open(flow, "refuse");
	v->may_return = flow_is_open(flow, "return_to_review");
	v->may_reveal = flow_is_open(flow, "reveal");
	v->may_reject = flow_is_open(flow, "reject");
}

static void load_offers(struct view *v)
{
	struct review_offer o;

	v->offers = review_offers(v->p->db, NULL);
	while (review_offer_next(v->offers, &o)) {
		v->offer = xrealloc(v->offer, (v->offer_count + 1) * sizeof(*v->offer));
		v->offer[v->offer_count++] = o;
	}
}

/* Fields whose reason was mended, and scans that came, since the last refusal. */
static void load_changes(struct view *v)
{
	struct db_result *rows = review_changes(v->p->db, v->p->application.id);
	struct review_change c;

	while (review_change_next(rows, &c)) {
		v->change = xrealloc(v->change, (v->change_count + 1) * sizeof(*v->change));
		v->change[v->change_count++] = c;
	}
	db_result_free(rows);
}

static bool is_changed(const struct view *v, const char *form, const char *field, int64_t scan)
{
	for (size_t i = 0; i < v->change_count; i++) {
		const struct review_change *c = &v->change[i];

		if (scan ? c->scan == scan :
			   !c->scan && !strcmp(c->form, form) && !strcmp(c->field, field))
			return true;
	}
	return false;
}

static void write_changed(struct view *v)
{
	markup_text(v->m, " ");
	markup_element(v->m, "strong", "已修改", "class", "yj-changed", NULL);
}

static void write_hidden(struct markup *m, const char *name, const char *value)
{
	markup_void(m, "input", "type", "hidden", "name", name, "value", value, NULL);
}

static void control_name(char out[CONTROL_MAX], const char *prefix, const struct form *form,
			 const struct form_field *field, const struct scan *scan)
{
	snprintf(out, CONTROL_MAX, "%s%s.%s%s%s", prefix, form->name, field->name, scan ? "." : "",
		 scan ? scan->public_id : "");
}

static void write_why(struct view *v, const char *name, const char *label)
{
	const char *chosen = request_field(v->p->request, name);
	struct markup *m = v->m;

	markup_open(m, "select", "name", name, "form", FORM_ID, "class", "yj-input", "aria-label",
		    label, NULL);
	for (size_t i = 0; case_reveal_reasons[i][0]; i++)
		markup_element(m, "option", case_reveal_reasons[i][1], "value",
			       case_reveal_reasons[i][0], "selected",
			       chosen && !strcmp(chosen, case_reveal_reasons[i][0]) ? "" : NULL,
			       NULL);
	markup_close(m, "select");
}

/* A button that asks for the whole value, with the reason why. */
static void write_reveal(struct view *v, const struct form *form, const struct form_field *field)
{
	struct markup *m = v->m;
	struct buffer label = BUFFER_INIT, path = BUFFER_INIT;
	bool address = field->type == FORM_ADDRESS;
	char why[CONTROL_MAX];

	control_name(why, CASE_WHY, form, field, NULL);
	layout_path(v->p, "clerk/reveal", &path);
	buffer_printf(&label, "查看%s的原因", field->label);
	write_why(v, why, buffer_text(&label));
	buffer_reset(&label);
	buffer_printf(&label, "显示完整号码：%s", field->label);
	markup_element(m, "button", address ? "显示完整地址" : "显示完整号码", "type", "submit",
		       "form", FORM_ID, "formaction", buffer_text(&path), "name", CASE_REVEAL,
		       "value", why + strlen(CASE_WHY), "class", "weui-btn weui-btn_default",
		       "aria-label", address ? NULL : buffer_text(&label), NULL);
	buffer_release(&label);
	buffer_release(&path);
}

static void write_offers(struct view *v, const char *name, bool for_scan, const char *chosen)
{
	struct markup *m = v->m;

	markup_open(m, "select", "class", "yj-input", "name", name, "id", name, "form", FORM_ID,
		    NULL);
	markup_element(m, "option", "没有问题", "value", "", NULL);
	for (size_t i = 0; i < v->offer_count; i++) {
		const struct review_offer *o = &v->offer[i];

		if (strcmp(o->type, "any") && strcmp(o->type, for_scan ? "scan" : "field"))
			continue;
		markup_element(m, "option", o->text, "value", o->code, "selected",
			       !strcmp(chosen, o->code) ? "" : NULL, NULL);
	}
	markup_close(m, "select");
}

/* Where a reason is pinned to this field or scan; belongs to the form at the
 * end of the page. Open when something was chosen already. */
static void write_pin(struct view *v, const struct form *form, const struct form_field *field,
		      const struct scan *scan)
{
	struct markup *m = v->m;
	char reason[CONTROL_MAX], note[CONTROL_MAX];
	const char *chosen, *typed;

	if (!v->may_refuse || !case_may_be_mended(field))
		return;
	control_name(reason, CASE_REASON, form, field, scan);
	control_name(note, CASE_NOTE, form, field, scan);
	chosen = request_field(v->p->request, reason);
	typed = request_field(v->p->request, note);
	markup_open(m, "details", "class", "yj-pin", "open",
		    (chosen && *chosen) || (typed && *typed) ? "" : NULL, NULL);
	markup_open(m, "summary", NULL);
	markup_text(m, "有问题");
	markup_printf(m, "（%s%s）", field->label, scan && scan->page > 1 ? "，续页" : "");
	markup_close(m, "summary");
	markup_element(m, "label", "原因", "class", "yj-field__label", "for", reason, NULL);
	write_offers(v, reason, field->type == FORM_SCAN, chosen ? chosen : "");
	markup_element(m, "label", "补充说明（申请人会看到）", "class", "yj-field__label", "for",
		       note, NULL);
	markup_element(m, "textarea", typed, "class", "yj-input", "id", note, "name", note, "form",
		       FORM_ID, "rows", "2", "maxlength", "500", NULL);
	markup_close(m, "details");
}

static void write_value(struct view *v, const struct form_values *values, size_t i)
{
	const struct form_field *field = &values->form->field[i];
	bool plain = v->how->plain_form && !strcmp(v->how->plain_form, values->form->name) &&
		     !strcmp(v->how->plain_field, field->name);
	struct buffer text = BUFFER_INIT;

	form_value_text(&v->owner, values, i, plain ? FORM_PLAIN : FORM_MASKED, &text);
	markup_open(v->m, "div", NULL);
	markup_open(v->m, "dt", NULL);
	markup_text(v->m, field->label);
	if (is_changed(v, values->form->name, field->name, 0))
		write_changed(v);
	markup_close(v->m, "dt");
	markup_open(v->m, "dd", NULL);
	markup_element(v->m, plain ? "strong" : "span", text.len ? text.data : "（未填）", NULL);
	if (text.len && case_is_personal(field) && v->may_reveal && !plain)
		write_reveal(v, values->form, field);
	write_pin(v, values->form, field, NULL);
	markup_close(v->m, "dd");
	markup_close(v->m, "div");
	buffer_wipe(&text);
}

static void write_scan(struct view *v, const struct form *form, const struct form_field *field,
		       const struct scan *scan)
{
	struct markup *m = v->m;
	struct buffer link = BUFFER_INIT, alt = BUFFER_INIT;
	char width[16], height[16];

	layout_path(v->p, "clerk/image", &link);
	buffer_printf(&link, "&scan=%s", scan->public_id);
	buffer_puts(&alt, field->label);
	if (field->pages > 1)
		buffer_printf(&alt, " 第 %d 页", scan->page);
	snprintf(width, sizeof(width), "%d", scan->width_px);
	snprintf(height, sizeof(height), "%d", scan->height_px);
	markup_open(m, "figure", "class", "yj-figure", NULL);
	markup_open(m, "figcaption", NULL);
	markup_text(m, buffer_text(&alt));
	if (is_changed(v, form->name, field->name, scan->id))
		write_changed(v);
	if (scan_mark_text(scan->marks))
		markup_element(m, "p", scan_mark_text(scan->marks), "class", "yj-scan__mark", NULL);
	markup_close(m, "figcaption");
	markup_open(m, "a", "href", buffer_text(&link), "data-yj-picture", "", NULL);
	markup_void(m, "img", "src", buffer_text(&link), "alt", buffer_text(&alt), "width", width,
		    "height", height, "loading", "lazy", NULL);
	markup_close(m, "a");
	write_pin(v, form, field, scan);
	markup_close(m, "figure");
	buffer_release(&link);
	buffer_release(&alt);
}

static void write_scans(struct view *v, const struct form_values *values)
{
	const struct form *form = values->form;

	for (size_t i = 0; i < form->field_count; i++) {
		size_t shown = 0;

		if (form->field[i].type != FORM_SCAN)
			continue;
		for (size_t k = 0; k < values->scan_count; k++) {
			if (strcmp(values->scan[k].field, form->field[i].name))
				continue;
			write_scan(v, form, &form->field[i], &values->scan[k]);
			shown++;
		}
		if (!shown) {
			markup_open(v->m, "div", NULL);
			markup_printf(v->m, "%s：没有上传", form->field[i].label);
			write_pin(v, form, &form->field[i], NULL);
			markup_close(v->m, "div");
		}
	}
}

static void write_form(struct view *v, const struct form_values *values)
{
	struct markup *m = v->m;

	markup_open(m, "section", "class", "yj-card", "id", values->form->name, NULL);
	markup_element(m, "h2", values->form->title, "class", "yj-card__title", NULL);
	markup_open(m, "div", "class", "yj-beside", NULL);
	markup_open(m, "dl", "class", "yj-view", NULL);
	for (size_t i = 0; i < values->form->field_count; i++)
		if (values->form->field[i].type != FORM_SCAN)
			write_value(v, values, i);
	markup_close(m, "dl");
	markup_open(m, "div", NULL);
	write_scans(v, values);
	markup_close(m, "div");
	markup_close(m, "div");
	markup_close(m, "section");
}

static void write_head(struct view *v)
{
	const struct application *a = &v->p->application;
	struct flow_state state;

	markup_open(v->m, "p", "class", "yj-lead", NULL);
	markup_text(v->m, a->project_name);
	if (flow_state_load(v->p->db, a->flow_version, a->state, &state))
		markup_printf(v->m, " · %s", state.label);
	markup_printf(v->m, " · 编号 %s", a->public_id);
	if (v->change_count)
		markup_text(v->m, " · 修改后重新提交，改动处标有“已修改”");
	markup_close(v->m, "p");
}

/* A decision that wants no reason. It belongs to the form that holds the reasons,
 * so that its program sees what was chosen and asks before it is dropped. */
static void write_press(struct view *v, const char *page, const char *label, const char *class)
{
	struct buffer path = BUFFER_INIT;

	layout_path(v->p, page, &path);
	markup_element(v->m, "button", label, "type", "submit", "formaction", buffer_text(&path),
		       "class", class, NULL);
	buffer_release(&path);
}

static void write_moves(struct view *v)
{
	struct markup *m = v->m;

	if (v->may_approve || v->may_confirm)
		write_press(v, "clerk/approve", v->may_confirm ? "复核通过" : "审核通过",
			    "weui-btn weui-btn_primary");
	if (v->may_return)
		write_press(v, "clerk/return", "退回重新审核", "weui-btn weui-btn_default");
	if (v->may_refuse) {
		markup_element(m, "p",
			       "要退回时，先在上面有问题的项目里选原因，再点“退回修改”。"
			       "申请人只能改选中的项目。",
			       "class", "yj-hint", NULL);
		markup_element(m, "button", "退回修改", "type", "submit", "class",
			       "weui-btn weui-btn_warn", NULL);
	}
	if (v->may_reject) {
		markup_element(m, "p", "改了也不能办的，在下一页选择原因：", "class", "yj-hint",
			       NULL);
		write_press(v, "clerk/reject", "不予通过，结束申请", "weui-btn weui-btn_default");
	}
}

/* The form to which all controls beside the fields and scans belong. */
static void write_case_form(struct view *v)
{
	struct markup *m = v->m;
	struct buffer path = BUFFER_INIT;

	layout_path(v->p, v->may_refuse ? "clerk/refuse" : "clerk/reveal", &path);
	markup_open(m, "form", "class", "yj-form", "id", FORM_ID, "method", "post", "action",
		    buffer_text(&path), NULL);
	write_hidden(m, "csrf", v->p->session.csrf);
	write_hidden(m, "key", v->p->key);
	case_write_seen(v->p);
	write_moves(v);
	markup_close(m, "form");
	buffer_release(&path);
}

static void write_decision(struct view *v)
{
	struct markup *m = v->m;

	if (v->may_approve || v->may_confirm || v->may_refuse || v->may_return) {
		markup_open(m, "section", "class", "yj-card", "id", "decision", NULL);
		markup_element(m, "h2", "审核决定", "class", "yj-card__title", NULL);
		write_case_form(v);
		markup_close(m, "section");
	} else if (v->may_reveal) {
		write_case_form(v);
	}
}

static const char *company_name(const struct view *v)
{
	for (size_t i = 0; i < v->form_count; i++)
		if (strcmp(v->forms[i]->form->name, "company") == 0) {
			const struct form_value *name = form_value(v->forms[i], "name");

			return name && name->text && *name->text ? name->text : NULL;
		}
	return NULL;
}

static void release(struct view *v)
{
	for (size_t i = 0; i < v->form_count; i++)
		form_values_free(v->forms[i]);
	db_result_free(v->offers);
	free(v->offer);
	free(v->change);
}

void case_show(struct page *p, const struct case_view *how)
{
	struct view v = { .p = p, .how = how, .owner = page_form_owner(p) };
	const char *name;

	case_new_key(p);
	load_forms(&v);
	load_moves(&v);
	load_changes(&v);
	if (v.may_refuse)
		load_offers(&v);
	name = company_name(&v);
	v.m = layout_begin(p, name ? name : "申请", 0);
	write_head(&v);
	if (how->error)
		markup_element(v.m, "p", how->error, "class", "yj-warning", "role", "alert", NULL);
	for (size_t i = 0; i < v.form_count; i++)
		write_form(&v, v.forms[i]);
	case_write_identity(p);
	case_write_agreement(p);
	case_write_reasons(p);
	write_decision(&v);
	case_write_history(p);
	layout_end(p);
	release(&v);
}

/* The place that "FORM.FIELD[.SCAN]" names, in the words of the page. */
static void place_words(const char *place, struct buffer *out)
{
	for (size_t i = 0; form_all[i]; i++) {
		size_t n = strlen(form_all[i]->name), k;
		const char *field = place + n + 1;

		if (strncmp(place, form_all[i]->name, n) != 0 || place[n] != '.')
			continue;
		for (k = 0; k < form_all[i]->field_count; k++) {
			const struct form_field *f = &form_all[i]->field[k];

			n = strlen(f->name);
			if (!strncmp(field, f->name, n) && (!field[n] || field[n] == '.'))
				buffer_printf(out, "“%s · %s”", form_all[i]->title, f->label);
		}
	}
	if (!out->len)
		buffer_puts(out, "某一项");
}

bool case_say_pinned(struct page *p, const char *decision)
{
	static const char *const prefixes[] = { CASE_REASON, CASE_NOTE };
	const char *place = NULL;
	struct buffer where = BUFFER_INIT, error = BUFFER_INIT;

	for (size_t i = 0; i < p->request->field_count && !place; i++)
		for (size_t k = 0; k < ARRAY_SIZE(prefixes); k++) {
			const struct request_field *f = &p->request->field[i];
			size_t n = strlen(prefixes[k]);

			if (!strncmp(f->name, prefixes[k], n) && *f->value)
				place = f->name + n;
		}
	if (!place)
		return false;
	place_words(place, &where);
	buffer_printf(
		&error,
		"%s还填着原因或补充说明，“%s”不会带上它们，所以没有执行。要退回请点“退回修改”；"
		"确实没有问题的，把原因改回“没有问题”并清空补充说明，再点“%s”。",
		buffer_text(&where), decision, decision);
	p->reply.status = 422;
	case_show(p, &(struct case_view){ .error = buffer_text(&error) });
	buffer_release(&where);
	buffer_release(&error);
	return true;
}
