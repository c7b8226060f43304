/* apply/resubmit: hands a corrected application in again; its button stands on apply/status. */
#include "identity/identity.h"
#include "page/layout.h"

/* To the review, or to the identity check of another person. */
static void go_on(struct page *p)
{
	struct buffer why = BUFFER_INIT;

	if (identity_again_words(p->db, p->application.id, &why))
		page_go(p, "apply/identity", "identity-again");
	else
		page_go(p, "apply/status", "resubmitted");
	buffer_release(&why);
}

static void submit(struct page *p)
{
	enum flow_result result = page_advance(p, "resubmit", NULL, NULL, NULL);
	struct buffer back = BUFFER_INIT;

	if (result == FLOW_MOVED || result == FLOW_REPEATED) {
		go_on(p);
		return;
	}
	if (result != FLOW_GUARD_REFUSED) {
		page_say_refused(p, result);
		return;
	}
	layout_path(p, "apply/status", &back);
	page_say(p, 409, "还有要修改的内容没有改", "请把每一条原因都改好，再重新提交。", back.data,
		 "查看要修改的内容");
	buffer_release(&back);
}

static const struct page_spec spec = {
	.name = "apply/resubmit",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.application = PAGE_OWN_APPLICATION,
	.event = "resubmit",
	.next = "apply/status",
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
