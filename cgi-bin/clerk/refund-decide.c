/* refund-decide.c: clerk/refund-decide: a refund is confirmed or declined by a
 * second person; one that found no way is tried again or settled by hand. */
#include "finance.h"

#include "base/log.h"

#define LIST "clerk/refunds"

struct decision {
	int64_t refund, staff, seen;
	const char *act, *note;
	char key[FINANCE_KEY_SIZE], result[DB_WORD_SIZE];
};

static const struct {
	const char *act, *notice;
	bool wants_note;
} acts[] = {
	{ "confirm", "refund-confirmed", false },
	{ "decline", "refund-declined", true },
	{ "again", "refund-again", false },
	{ "by_hand", "refund-by-hand", true },
};

/* The procedure locks the refund; if more was decided than the page had shown,
 * this was about another state of it. */
static bool decide(struct db *db, void *context)
{
	struct decision *d = context;
	bool current;

	db_call(db, "CALL refund_decide(?, ?, ?, ?, ?)",
		DB_ARGS(db_int(d->refund), db_int(d->staff), db_text(d->act), db_text(d->note),
			db_text(d->key)),
		d->result);
	if (strcmp(d->result, "decided") != 0)
		return false;
	current = db_number(db, "SELECT COUNT(*) FROM refund_act WHERE refund = ?",
			    DB_ARGS(db_int(d->refund))) == d->seen + 1;
	if (!current)
		snprintf(d->result, sizeof(d->result), "not_open");
	return current;
}

static void submit(struct page *p)
{
	struct decision d = {
		.refund = finance_number(finance_field(p, "row")),
		.staff = p->session.subject,
		.seen = finance_number(finance_field(p, "seen")),
		.act = finance_field(p, "act"),
		.note = finance_field(p, "note"),
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
	finance_key(p, d.refund, d.key);
	db_transaction(p->db, decide, &d);
	log_line(LOG_INFO, "refund.decision", "refund=%lld act=%s staff=%lld result=%s",
		 (long long)d.refund, acts[i].act, (long long)d.staff, d.result);
	finance_answer(p, d.result, LIST, acts[i].notice);
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
