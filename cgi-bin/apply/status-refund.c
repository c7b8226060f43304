/* status-refund.c: what goes back, as apply/status shows it. */
#include "status-refund.h"

#include "base/money.h"
#include "page/layout.h"
#include "pay/price.h"

/* Refunds in other states were replaced by a new one, or do not concern the applicant. */
static const struct {
	const char *state, *words;
} states[] = {
	{ "requested", "已登记，等待财务确认" },
	{ "confirmed", "财务已确认，正在提交微信支付" },
	{ "sent", "微信支付正在退回，一般 1 至 3 个工作日到账" },
	{ "done", "已原路退回" },
	{ "abnormal", "没能原路退回，工作人员正在处理" },
	{ "by_hand", "已由工作人员另行退回" },
};

static const char *words_of(const char *state)
{
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(states[i].state, state))
			return states[i].words;
	return NULL;
}

static void begin(struct markup *m)
{
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "退款", "class", "yj-card__title", NULL);
	markup_open(m, "dl", "class", "yj-view", NULL);
}

static void write_row(struct markup *m, int64_t fen, const char *words, const char *when)
{
	struct buffer amount = BUFFER_INIT;

	money_text(&amount, fen);
	markup_open(m, "div", NULL);
	markup_element(m, "dt", buffer_text(&amount), NULL);
	markup_open(m, "dd", NULL);
	markup_printf(m, "%s（%s）", words, when);
	markup_close(m, "dd");
	markup_close(m, "div");
	buffer_release(&amount);
}

void status_refund(struct page *p)
{
	struct db_result *r = pay_refunds_told(p->db, p->application.id);
	struct pay_refund_told told;
	bool any = false;

	while (pay_refunds_told_next(r, &told)) {
		const char *words = words_of(told.state);

		if (!words)
			continue;
		if (!any)
			begin(p->markup);
		any = true;
		write_row(p->markup, told.amount_fen, words, told.at);
	}
	if (any) {
		markup_close(p->markup, "dl");
		markup_close(p->markup, "section");
	}
	db_result_free(r);
}
