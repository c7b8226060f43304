/* apply/receipt: the applicant has the certificate in hand; its button stands on apply/status. */
#include "page/layout.h"

static void submit(struct page *p)
{
	enum flow_result result = page_advance(p, "acknowledge_receipt", NULL, NULL, NULL);

	if (result == FLOW_MOVED || result == FLOW_REPEATED)
		page_go(p, "apply/status", "received");
	else
		page_say_refused(p, result);
}

static const struct page_spec spec = {
	.name = "apply/receipt",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.application = PAGE_OWN_APPLICATION,
	.event = "acknowledge_receipt",
	.next = "apply/status",
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
