/* company.c: 企业信息, the first tab of step 1. */
#include "forms/forms.h"
#include "page/page.h"

static const struct page_spec spec = {
	.name = "apply/company",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.form = &form_company,
	.body_max = SCANS_BODY_MAX,
};

int main(void)
{
	return page_run(&spec);
}
