/* order.c: 选择套餐, step 2. */
#include "forms/forms.h"
#include "page/page.h"

static const struct page_spec spec = {
	.name = "apply/order",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "submit_order",
	.form = &form_order,
	.back = "apply/agent",
	.next = "apply/confirm",
	.body_max = FORM_BODY_MAX,
};

int main(void)
{
	return page_run(&spec);
}
