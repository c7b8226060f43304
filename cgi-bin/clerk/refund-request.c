/* refund-request.c: clerk/refund-request: an accountant asks that a payment goes
 * back; another one will decide. */
#include "finance.h"

#include "base/log.h"
#include "pay/desk.h"

#define LIST "clerk/refunds"

struct wish {
	int64_t payment;
	const char *token;
	char number[72], result[DB_WORD_SIZE];
};

static bool ask(struct db *db, void *context)
{
	struct wish *w = context;

	return pay_refund_ask(db, w->payment, w->token, w->number, w->result);
}

static void submit(struct page *p)
{
	struct wish w = {
		.payment = finance_number(finance_field(p, "row")),
		.token = p->session.token,
	};

	/* the page's key makes the number: pressed twice, it is one refund */
	snprintf(w.number, sizeof(w.number), "yjr%s", p->key);
	db_transaction(p->db, ask, &w);
	log_line(LOG_INFO, "refund.wish", "payment=%lld staff=%lld result=%s", (long long)w.payment,
		 (long long)p->session.subject, w.result);
	finance_answer(p, w.result, LIST, "refund-requested");
}

static const struct page_spec spec = {
	.name = "clerk/refund-request",
	.roles = PAGE_ROLE(FLOW_ACCOUNTANT),
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
