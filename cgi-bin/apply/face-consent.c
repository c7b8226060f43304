/* apply/face-consent: the consent for faces as it was given, and taking it back. */
#include "identity/shown.h"
#include "page/layout.h"
#include "page/page.h"

static void write_text(struct page *p)
{
	struct db_result *r = identity_consent_agreed(p->db, p->application.id);
	struct identity_agreed agreed;
	struct markup *m = p->markup;

	if (identity_consent_agreed_next(r, &agreed)) {
		markup_open(m, "section", "class", "yj-card yj-consent", NULL);
		for (const char *at = agreed.body; *at;) {
			size_t n = strcspn(at, "\n");

			markup_open(m, "p", NULL);
			markup_printf(m, "%.*s", (int)n, at);
			markup_close(m, "p");
			at += n + strspn(at + n, "\n");
		}
		markup_open(m, "p", "class", "yj-hint", NULL);
		markup_printf(m, "版本 %s，您于 %s（北京时间）同意。", agreed.version,
			      agreed.given);
		markup_close(m, "p");
		markup_close(m, "section");
	}
	db_result_free(r);
}

static void show(struct page *p)
{
	struct buffer back = BUFFER_INIT;
	struct markup *m = layout_begin(p, "人脸信息的单独同意", 0);
	bool given = identity_consent_given(p->db, p->application.id);

	layout_path(p, "apply/status", &back);
	write_text(p);
	markup_element(
		m, "p",
		given ? "撤回以后，已经采集的人脸信息会删除，正在进行的刷脸或录像作废，可以改为到窗口办理。" :
			"您现在没有同意处理人脸信息，我们不保存您的人脸信息。",
		"class", given ? "yj-warning" : "yj-lead", NULL);
	if (given) {
		layout_form(p, false);
		markup_open(m, "div", "class", "yj-buttons", NULL);
		markup_element(m, "a", "不撤回，返回", "class", "weui-btn weui-btn_default", "href",
			       buffer_text(&back), NULL);
		markup_element(m, "button", "撤回同意", "type", "submit", "class",
			       "weui-btn weui-btn_warn", NULL);
		markup_close(m, "div");
		markup_close(m, "form");
	} else {
		markup_open(m, "div", "class", "yj-buttons", NULL);
		markup_element(m, "a", "返回", "class", "weui-btn weui-btn_primary", "href",
			       buffer_text(&back), NULL);
		markup_close(m, "div");
	}
	layout_end(p);
	buffer_release(&back);
}

static bool withdraw(struct db *db, void *context)
{
	identity_consent_withdraw(db, *(int64_t *)context);
	return true;
}

static void submit(struct page *p)
{
	enum flow_result result = page_advance(p, "withdraw_face", NULL, withdraw,
					       &p->application.id);

	if (result == FLOW_MOVED || result == FLOW_REPEATED)
		page_go(p, "apply/identity", "face-withdrawn");
	else
		page_say_refused(p, result);
}

static const struct page_spec spec = {
	.name = "apply/face-consent",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "withdraw_face",
	.next = "apply/identity",
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
