/* legal-rep.c: 法人代表信息, the second tab of step 1. */
#include "forms/forms.h"
#include "page/page.h"

static const struct page_spec spec = {
	.name = "apply/legal-rep",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "submit_legal_rep",
	.form = &form_legal_rep,
	.back = "apply/company",
	.next = "apply/agent",
	.body_max = SCANS_BODY_MAX,
};

int main(void)
{
	return page_run(&spec);
}
