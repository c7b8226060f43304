/* apply/identity: the choice of a method of the identity check; its form goes to
 * apply/identity-start. */
#include "identity-view.h"

static void show(struct page *p)
{
	identity_view(p, &(struct identity_choice){ .method = IDENTITY_METHOD_COUNT });
}

static const struct page_spec spec = {
	.name = "apply/identity",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "start_identity",
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
