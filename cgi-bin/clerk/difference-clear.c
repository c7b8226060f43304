/* difference-clear.c: clerk/difference-clear: somebody has found out why. */
#include "finance.h"

#include "base/log.h"
#include "reconcile/desk.h"

#define LIST "clerk/differences"

struct clearing {
	int64_t difference;
	const char *token, *reason;
	char key[FINANCE_KEY_SIZE], result[DB_WORD_SIZE];
};

static bool clear(struct db *db, void *context)
{
	struct clearing *c = context;

	return reconcile_difference_clear(db, c->difference, c->token, c->reason, c->key,
					  c->result);
}

static void submit(struct page *p)
{
	struct clearing c = {
		.difference = finance_number(finance_field(p, "row")),
		.token = p->session.token,
		.reason = finance_field(p, "note"),
	};

	if (!finance_is_note(c.reason)) {
		finance_say_note(p, LIST);
		return;
	}
	finance_key(p, c.difference, c.key);
	db_transaction(p->db, clear, &c);
	log_line(LOG_INFO, "reconcile.cleared", "difference=%lld staff=%lld result=%s",
		 (long long)c.difference, (long long)p->session.subject, c.result);
	finance_answer(p, c.result, LIST, "difference-cleared");
}

static const struct page_spec spec = {
	.name = "clerk/difference-clear",
	.roles = PAGE_ROLE(FLOW_ACCOUNTANT),
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
