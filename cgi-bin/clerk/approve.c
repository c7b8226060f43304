/* approve.c: clerk/approve: the review or the second review ends well. */
#include "case-identity.h"
#include "case-view.h"

struct approval {
	struct page *page;
	bool stale; /* the application was moved since the page was shown */
	const char *fault; /* of the identity check */
};

static bool check(struct db *db, void *context)
{
	struct approval *a = context;

	a->stale = !case_is_current(a->page, db);
	a->fault = a->stale ? NULL : case_identity_fault(a->page);
	return !a->stale && !a->fault;
}

static void submit(struct page *p)
{
	bool second = !strcmp(p->application.state, "awaiting_second_review");
	struct case_view how = {
		.error = second ? "这份申请是您自己审核通过的，复核要由另一位审核员来做。" :
				  "这份申请现在不能通过，请核对下面的资料。",
	};
	struct approval a = { .page = p };
	enum flow_result result = FLOW_REPEATED;
	bool done = page_is_done(p, "approve") || page_is_done(p, "confirm_approval");

	if (!done && case_is_current(p, p->db) &&
	    case_say_pinned(p, second ? "复核通过" : "审核通过"))
		return;
	if (!done)
		result = page_advance(p, second ? "confirm_approval" : "approve", NULL, check, &a);
	if (result == FLOW_MOVED || result == FLOW_REPEATED) {
		reply_redirect(&p->reply, "/clerk/queue?flash=approved");
	} else if (result == FLOW_GUARD_REFUSED && !a.stale) {
		p->reply.status = 409;
		if (a.fault)
			how.error = a.fault;
		case_show(p, &how);
	} else {
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
