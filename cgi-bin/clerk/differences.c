/* differences.c: clerk/differences: where the service's bills and our ledger do
 * not agree, and which bills are not read yet. */
#include "finance.h"

#include "reconcile/desk.h"

#define ROWS_MAX 200
#define LATEST_MAX 50

static const struct {
	const char *kind, *text;
} kinds[] = {
	{ "missing_here", "账单有付款，系统没有" },
	{ "missing_there", "系统有付款，账单没有" },
	{ "amount", "付款金额不同" },
	{ "currency", "币种不同" },
	{ "transaction", "微信订单号不同" },
	{ "revoked", "账单显示已撤销" },
	{ "refund_missing_here", "账单有退款，系统没有" },
	{ "refund_missing_there", "系统有退款，账单没有" },
	{ "refund_amount", "退款金额不同" },
};

static const char *kind_text(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].kind, kind))
			return kinds[i].text;
	return kind;
}

static void write_about(struct markup *m, const struct reconcile_difference *d)
{
	markup_element(m, "td", d->day, NULL);
	markup_open(m, "td", NULL);
	markup_text(m, kind_text(d->kind));
	markup_element(m, "span", d->number, "class", "yj-hint", NULL);
	if (d->booked_since)
		markup_element(m, "span", "之后已入账", "class", "yj-hint", NULL);
	markup_close(m, "td");
	finance_money(m, "系统", &d->ours);
	finance_money(m, "账单", &d->theirs);
}

static void write_open(struct page *p)
{
	static const char *const heads[] = { "账单日", "差异和单号", "系统", "账单", "处理", NULL };
	struct markup *m = p->markup;
	struct db_result *r = reconcile_differences(p->db, RECONCILE_DIFFERENCES_OPEN, ROWS_MAX);
	struct reconcile_difference d;

	if (!reconcile_differences_next(r, &d)) {
		finance_nothing(m, "待核对的差异", "账单和系统一致，没有待核对的差异。");
		db_result_free(r);
		return;
	}
	finance_begin_table(m, "待核对的差异", heads);
	do {
		markup_open(m, "tr", NULL);
		write_about(m, &d);
		markup_open(m, "td", NULL);
		layout_form_to(p, "clerk/difference-clear", false);
		finance_row_field(m, d.id, "note", "原因", "查明的原因");
		finance_button(m, "clear", "已核对", true);
		markup_close(m, "form");
		markup_close(m, "td");
		markup_close(m, "tr");
	} while (reconcile_differences_next(r, &d));
	finance_end_table(m);
	db_result_free(r);
}

static void write_cleared(struct page *p)
{
	static const char *const heads[] = { "账单日", "差异和单号", "系统", "账单", "核对", NULL };
	struct markup *m = p->markup;
	struct db_result *r = reconcile_differences(p->db, RECONCILE_DIFFERENCES_CLEARED,
						    LATEST_MAX);
	struct reconcile_difference d;

	if (reconcile_differences_next(r, &d)) {
		finance_begin_table(m, "已核对的差异", heads);
		do {
			markup_open(m, "tr", NULL);
			write_about(m, &d);
			markup_open(m, "td", NULL);
			markup_text(m, d.staff);
			markup_element(m, "span", d.reason, "class", "yj-hint", NULL);
			markup_close(m, "td");
			markup_close(m, "tr");
		} while (reconcile_differences_next(r, &d));
		finance_end_table(m);
	}
	db_result_free(r);
}

static const char *day_state(const struct reconcile_bill *d)
{
	if (!strcmp(d->state, "read"))
		return "已对账";
	if (!strcmp(d->state, "empty"))
		return "当天没有交易";
	if (!strcmp(d->failure, "bill_not_ready"))
		return "账单还没有生成";
	return *d->failure ? "账单没有取到，系统会再试" : "等待对账";
}

static void write_days(struct page *p)
{
	static const char *const heads[] = { "账单日", "状态", "笔数", "收款", "退款", NULL };
	struct markup *m = p->markup;
	struct db_result *r = reconcile_bills(p->db);
	struct reconcile_bill d;

	if (reconcile_bills_next(r, &d)) {
		finance_begin_table(m, "微信支付账单", heads);
		do {
			markup_open(m, "tr", NULL);
			markup_element(m, "td", d.day, NULL);
			markup_element(m, "td", day_state(&d), NULL);
			markup_open(m, "td", NULL);
			markup_printf(m, "%lld 笔", (long long)d.rows);
			markup_close(m, "td");
			finance_money(m, "收款", &d.paid);
			finance_money(m, "退款", &d.refund);
			markup_close(m, "tr");
		} while (reconcile_bills_next(r, &d));
		finance_end_table(m);
	}
	db_result_free(r);
}

static void show(struct page *p)
{
	finance_begin(p, "对账差异");
	write_open(p);
	write_days(p);
	write_cleared(p);
	layout_end(p);
}

static const struct page_spec spec = {
	.name = "clerk/differences",
	.roles = PAGE_ROLE(FLOW_ACCOUNTANT),
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
