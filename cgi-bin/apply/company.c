/* company.c: 企业信息, the first tab of step 1. */
#include "forms/forms.h"
#include "page/page.h"

static const struct page_spec spec = {
	.name = "apply/company",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "submit_company",
	.form = &form_company,
	.back = "apply/start",
	.next = "apply/legal-rep",
	.body_max = SCANS_BODY_MAX,
};

int main(void)
{
	return page_run(&spec);
}
