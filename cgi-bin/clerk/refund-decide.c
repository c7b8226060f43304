/* refund-decide.c: clerk/refund-decide: a refund is confirmed or declined by a
 * second person; one that found no way is tried again or settled by hand. */
#include "finance.h"

#include "base/log.h"
#include "pay/desk.h"

#define LIST "clerk/refunds"

static const struct {
	const char *act, *flash;
	bool wants_note;
} acts[] = {
	{ "confirm", "refund-confirmed", false },
	{ "decline", "refund-declined", true },
	{ "again", "refund-again", false },
	{ "by_hand", "refund-by-hand", true },
};

static bool decide(struct db *db, void *context)
{
	return pay_refund_decide(db, context);
}

static void submit(struct page *p)
{
	char key[FINANCE_KEY_SIZE];
	struct pay_decision d = {
		.refund = finance_number(finance_field(p, "row")),
		.token = p->session.token,
		.seen = finance_number(finance_field(p, "seen")),
		.act = finance_field(p, "act"),
		.note = finance_field(p, "note"),
		.key = key,
	};
	size_t i = 0;

	while (i < ARRAY_SIZE(acts) && strcmp(acts[i].act, d.act) != 0)
		i++;
	if (i == ARRAY_SIZE(acts)) {
		page_say(p, 422, "没有选择怎么处理", "请在那一条后面点一个按钮。", "/" LIST,
			 "回到列表");
		return;
	}
	if ((acts[i].wants_note || *d.note) && !finance_is_note(d.note)) {
		finance_say_note(p, LIST);
		return;
	}
	finance_key(p, d.refund, key);
	db_transaction(p->db, decide, &d);
	log_line(LOG_INFO, "refund.decision", "refund=%lld act=%s staff=%lld result=%s",
		 (long long)d.refund, acts[i].act, (long long)p->session.subject, d.result);
	finance_answer(p, d.result, LIST, acts[i].flash);
}

static const struct page_spec spec = {
	.name = "clerk/refund-decide",
	.roles = PAGE_ROLE(FLOW_ACCOUNTANT),
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
