/* image.c: clerk/image: one scan of any application, for those who check it. */
#include "page/image.h"

static const struct page_spec spec = {
	.name = "clerk/image",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.show = page_show_image,
};

int main(void)
{
	return page_run(&spec);
}
