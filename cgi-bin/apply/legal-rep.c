/* legal-rep.c: 法人代表信息, the second tab of step 1. */
#include "forms/forms.h"
#include "page/page.h"

static const struct page_spec spec = {
	.name = "apply/legal-rep",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.form = &form_legal_rep,
	.body_max = SCANS_BODY_MAX,
};

int main(void)
{
	return page_run(&spec);
}
