/* agent.c: 经办人信息, the third tab of step 1. */
#include "forms/forms.h"
#include "page/page.h"

static const struct page_spec spec = {
	.name = "apply/agent",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.form = &form_agent,
	.body_max = SCANS_BODY_MAX,
};

int main(void)
{
	return page_run(&spec);
}
