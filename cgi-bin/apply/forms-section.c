/* forms-section.c: the e-mail field that sends the blank forms. */
#include "forms-section.h"

#include "page/contact.h"
#include "page/layout.h"

static void write_field(struct markup *m, const char *value, const char *error)
{
	markup_open(m, "div", "class", error ? "yj-field yj-field_bad" : "yj-field", NULL);
	markup_element(m, "label", "邮箱", "class", "yj-field__label", "for", "email", NULL);
	markup_void(m, "input", "class", "yj-input", "type", "email", "id", "email", "name",
		    "email", "value", value, "maxlength", "254", "autocomplete", "email",
		    "inputmode", "email", "aria-describedby",
		    error ? "email-hint email-error" : "email-hint", "aria-invalid",
		    error ? "true" : NULL, NULL);
	markup_element(m, "p", "例如 name@example.com。办理结果没法用微信通知时，也会发到这里。",
		       "class", "yj-field__hint", "id", "email-hint", NULL);
	if (error)
		markup_element(m, "p", error, "class", "yj-field__error", "id", "email-error",
			       "role", "alert", NULL);
	markup_close(m, "div");
}

void forms_section(struct page *p, const struct project *project, const char *typed,
		   const char *error)
{
	struct buffer known = BUFFER_INIT;
	struct markup *m = p->markup;

	if (!typed)
		contact_email(p, &known);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "把空白表格发到邮箱", "class", "yj-card__title", NULL);
	markup_element(m, "p",
		       "业务申请表和用户协议书要打印出来签名盖章。填写邮箱点【发送】，"
		       "马上收到这两份表格。",
		       NULL);
	layout_form_to(p, "apply/forms-mail", false);
	markup_void(m, "input", "type", "hidden", "name", "project", "value", project->code, NULL);
	write_field(m, typed ? typed : buffer_text(&known), error);
	markup_element(m, "button", "发送", "class", "weui-btn weui-btn_default", "type", "submit",
		       NULL);
	markup_close(m, "form");
	markup_close(m, "section");
	buffer_wipe(&known);
}
