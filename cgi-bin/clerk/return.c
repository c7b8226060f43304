/* return.c: clerk/return: the second review sends an application back to the first. */
#include "case-view.h"

static bool check(struct db *db, void *page)
{
	return case_is_current(page, db);
}

static void submit(struct page *p)
{
	enum flow_result result = FLOW_REPEATED;
	bool done = page_is_done(p, "return_to_review");

	if (!done && case_is_current(p, p->db) && case_say_pinned(p, "退回重新审核"))
		return;
	if (!done)
		result = page_advance(p, "return_to_review", NULL, check, p);
	if (result == FLOW_MOVED || result == FLOW_REPEATED)
		reply_redirect(&p->reply, "/clerk/queue?flash=returned");
	else
		case_say_taken(p);
}

static const struct page_spec spec = {
	.name = "clerk/return",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
