/* approve.c: clerk/approve: the review or the second review ends well. */
#include "case-view.h"

static void submit(struct page *p)
{
	bool second = !strcmp(p->application.state, "awaiting_second_review");
	struct case_view how = {
		.error = second ? "这份申请是您自己审核通过的，复核要由另一位审核员来做。" :
				  "这份申请现在不能通过，请核对下面的资料。",
	};

	switch (page_advance(p, second ? "confirm_approval" : "approve", NULL, NULL, NULL)) {
	case FLOW_MOVED:
	case FLOW_REPEATED:
		reply_redirect(&p->reply, "/clerk/queue?notice=approved");
		break;
	case FLOW_GUARD_REFUSED:
		p->reply.status = 409;
		case_show(p, &how);
		break;
	default:
		case_say_taken(p);
	}
}

static const struct page_spec spec = {
	.name = "clerk/approve",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
