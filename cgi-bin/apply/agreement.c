/* apply/agreement: the user agreement, read and agreed to, with each consent apart. */
#include "applicant/agreement.h"
#include "base/die.h"
#include "page/layout.h"

/* Each purpose is asked for by itself and nothing is ticked beforehand (个人信息
 * 保护法 28, 29). Faces are never the only way, so that one is free. */
static const struct consent {
	const char *name, *label, *hint;
	bool required;
} consents[] = {
	{ "consent_identity", "同意处理身份证号码和身份证照片",
	  "用来核对法人代表和经办人的身份，并按电子签名法的要求随申请材料保存。不同意就不能办理证书。",
	  true },
	{ "consent_third_party", "同意向外部机构核验身份信息",
	  "把姓名、身份证号码、手机号码发给公安、工商、运营商等核验机构，只用于核对是否一致。"
	  "不同意就不能办理证书。",
	  true },
	{ "consent_face", "同意采集人脸信息（可以不选）",
	  "只用于确认是本人在办理，核验后按规定删除。刷脸或录像之前还会单独请您确认；不同意也能办理，可以到窗口当面核验。",
	  false },
};

/* Which text was shown, and what was ticked. */
struct acceptance {
	int64_t application, project;
	int64_t shown; /* id of the text on the page that was sent */
	bool given[ARRAY_SIZE(consents)];
	bool outdated; /* another text came into force since this page was shown */
};

/* A line that begins with # is a heading, any other that is not empty a paragraph. */
static void write_body(struct markup *m, const char *body)
{
	while (*body) {
		size_t n = strcspn(body, "\r\n");
		const char *mark = n && *body == '#' ? body + strspn(body, "# ") : NULL;

		if (mark) {
			markup_open(m, "h2", NULL);
			markup_printf(m, "%.*s", (int)(body + n - mark), mark);
			markup_close(m, "h2");
		} else if (n) {
			markup_open(m, "p", NULL);
			markup_printf(m, "%.*s", (int)n, body);
			markup_close(m, "p");
		}
		body += n + strspn(body + n, "\r\n");
	}
}

static bool is_missing(const struct acceptance *a, size_t i, bool tried)
{
	return tried && consents[i].required && !a->given[i];
}

static void write_consent(struct markup *m, const struct acceptance *a, size_t i, bool tried)
{
	const struct consent *c = &consents[i];
	bool missing = is_missing(a, i, tried);
	char error[64];

	snprintf(error, sizeof(error), "error-%s", c->name);
	markup_open(m, "div", "class", missing ? "yj-field yj-field_bad" : "yj-field", NULL);
	markup_open(m, "label", "class", "yj-choice", NULL);
	markup_void(m, "input", "type", "checkbox", "id", c->name, "name", c->name, "value", "yes",
		    "checked", a->given[i] ? "checked" : NULL, "required",
		    c->required ? "required" : NULL, "aria-invalid", missing ? "true" : NULL,
		    "aria-describedby", missing ? error : NULL, NULL);
	markup_element(m, "span", c->label, "class", "yj-choice__label", NULL);
	markup_element(m, "span", c->hint, "class", "yj-choice__hint", NULL);
	markup_close(m, "label");
	if (missing)
		markup_element(m, "p", "请阅读后勾选这一项", "class", "yj-field__error", "id",
			       error, NULL);
	markup_close(m, "div");
}

static void write_errors(struct markup *m, const struct acceptance *a)
{
	markup_open(m, "div", "class", "yj-errors", "role", "alert", "tabindex", "-1", NULL);
	markup_element(m, "h2", "还不能继续", NULL);
	markup_open(m, "ul", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(consents); i++) {
		char link[64];

		if (!is_missing(a, i, true))
			continue;
		snprintf(link, sizeof(link), "#%s", consents[i].name);
		markup_open(m, "li", NULL);
		markup_open(m, "a", "href", link, NULL);
		markup_printf(m, "%s：请阅读后勾选这一项", consents[i].label);
		markup_close(m, "a");
		markup_close(m, "li");
	}
	markup_close(m, "ul");
	markup_close(m, "div");
}

static bool any_missing(const struct acceptance *a, bool tried)
{
	for (size_t i = 0; i < ARRAY_SIZE(consents); i++)
		if (is_missing(a, i, tried))
			return true;
	return false;
}

static void write_form(struct page *p, const struct acceptance *a, const char *text_id, bool tried)
{
	struct markup *m = p->markup;

	layout_form(p, false);
	markup_void(m, "input", "type", "hidden", "name", "text", "value", text_id, NULL);
	markup_open(m, "fieldset", "class", "yj-card", NULL);
	markup_element(m, "legend", "个人信息的单独同意", "class", "yj-card__title", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(consents); i++)
		write_consent(m, a, i, tried);
	markup_close(m, "fieldset");
	layout_buttons(p, "/apply/mine", "我已阅读，并同意继续操作");
	markup_close(m, "form");
}

static void write_page(struct page *p, const struct acceptance *a, bool tried)
{
	struct db_result *r = applicant_terms(p->db, p->application.project);
	struct applicant_terms terms;
	char id[24];
	struct markup *m;

	if (!applicant_terms_next(r, &terms))
		die("project %lld has no agreement in force", (long long)p->application.project);
	m = layout_begin(p, terms.title, 0);
	if (any_missing(a, tried))
		write_errors(m, a);
	if (a->outdated)
		markup_element(m, "p", "协议刚刚更新了，请阅读新的内容后再同意。", "class",
			       "yj-warning", "role", "alert", NULL);
	markup_open(m, "article", "class", "yj-card yj-agreement", NULL);
	markup_open(m, "p", "class", "yj-hint", NULL);
	markup_printf(m, "%s，版本 %s", p->application.project_name, terms.version);
	markup_close(m, "p");
	write_body(m, terms.body);
	markup_close(m, "article");
	snprintf(id, sizeof(id), "%lld", (long long)terms.id);
	write_form(p, a, id, tried);
	layout_end(p);
	db_result_free(r);
}

static void show(struct page *p)
{
	const struct acceptance nothing = { .application = 0 };

	write_page(p, &nothing, false);
}

static bool store(struct db *db, void *context)
{
	struct acceptance *a = context;
	bool stored = applicant_agree(db, &(struct applicant_consent){
						  .application = a->application,
						  .project = a->project,
						  .shown = a->shown,
						  .identity = a->given[0],
						  .third_party = a->given[1],
						  .face = a->given[2],
					  });

	a->outdated = !stored;
	return stored;
}

static void submit(struct page *p)
{
	struct acceptance a = { .application = p->application.id,
				.project = p->application.project };
	const char *shown = request_field(p->request, "text");
	enum flow_result result;

	a.shown = shown ? strtoll(shown, NULL, 10) : 0;
	for (size_t i = 0; i < ARRAY_SIZE(consents); i++) {
		const char *value = request_field(p->request, consents[i].name);

		a.given[i] = value && !strcmp(value, "yes");
	}
	if (any_missing(&a, true)) {
		p->reply.status = 422;
		write_page(p, &a, true);
		return;
	}
	result = page_advance(p, "accept_agreement", NULL, store, &a);
	if (result == FLOW_MOVED || result == FLOW_REPEATED) {
		page_go_form(p, 0, "agreed");
	} else if (a.outdated) {
		p->reply.status = 409;
		memset(a.given, 0, sizeof(a.given));
		write_page(p, &a, false);
	} else {
		page_say_refused(p, result);
	}
}

static const struct page_spec spec = {
	.name = "apply/agreement",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.application = PAGE_OWN_APPLICATION,
	.event = "accept_agreement",
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
