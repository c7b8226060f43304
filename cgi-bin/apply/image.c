/* apply/image: one scan of the applicant's own application. */
#include "page/image.h"

static const struct page_spec spec = {
	.name = "apply/image",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.application = PAGE_OWN_APPLICATION,
	.show = page_show_image,
};

int main(void)
{
	return page_run(&spec);
}
