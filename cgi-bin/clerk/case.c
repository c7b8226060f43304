/* case.c: clerk/case: one application, every field beside its scans. */
#include "case-view.h"

static void show(struct page *p)
{
	struct case_view how = { .error = NULL };

	case_show(p, &how);
}

static const struct page_spec spec = {
	.name = "clerk/case",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
