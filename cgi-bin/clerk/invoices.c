/* invoices.c: clerk/invoices: invoices that wait for an accountant, and how the
 * others stand. */
#include "finance.h"

#include "billing/desk.h"

#define ROWS_MAX 200
#define LATEST_MAX 50

static const char *state_text(const char *state)
{
	static const char *const words[][2] = {
		{ "due", "待开" },        { "asked", "开具中" },    { "issued", "已开" },
		{ "failed", "开票失败" }, { "given_up", "不再开" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(words[i][0], state))
			return words[i][1];
	return "";
}

static void write_link(struct markup *m, const char *page, int64_t id, const char *text)
{
	struct buffer path = BUFFER_INIT;

	buffer_printf(&path, "/clerk/%s?invoice=%lld", page, (long long)id);
	markup_element(m, "a", text, "href", buffer_text(&path), NULL);
	buffer_release(&path);
}

static void write_row(struct page *p, const struct billing_invoice_row *r)
{
	struct markup *m = p->markup;
	bool over = !strcmp(r->state, "issued") || !strcmp(r->state, "given_up");

	markup_open(m, "tr", NULL);
	finance_who(m, r->title, *r->number ? r->number : r->order_no);
	markup_element(m, "td", strcmp(r->kind, "red") ? "蓝字" : "红字", NULL);
	finance_money(m, NULL, &r->amount);
	finance_money(m, "税额", &r->tax);
	markup_open(m, "td", NULL);
	markup_text(m, state_text(r->state));
	markup_element(m, "span", r->at, "class", "yj-hint", NULL);
	if (!over && *r->failure)
		markup_element(m, "span", r->failure, "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	if (!over)
		write_link(m, "invoice-enter", r->id, "处理");
	else if (r->has_pdf)
		write_link(m, "invoice-pdf", r->id, "查看 PDF");
	markup_close(m, "td");
	markup_close(m, "tr");
}

static void write_list(struct page *p, const char *title, const char *nothing,
		       enum billing_invoice_list list, int most)
{
	static const char *const heads[] = { "抬头和号码", "种类", "价税合计", "税额",
					     "状态",       "处理", NULL };
	struct db_result *r = billing_invoices(p->db, list, most);
	struct billing_invoice_row row;

	if (!billing_invoices_next(r, &row)) {
		finance_nothing(p->markup, title, nothing);
	} else {
		finance_begin_table(p->markup, title, heads);
		do
			write_row(p, &row);
		while (billing_invoices_next(r, &row));
		finance_end_table(p->markup);
	}
	db_result_free(r);
}

static void show(struct page *p)
{
	finance_begin(p, "发票");
	write_list(p, "待处理的发票", "没有要手工处理的发票。", BILLING_INVOICES_BY_HAND, ROWS_MAX);
	write_list(p, "开具中", "没有正在开具的发票。", BILLING_INVOICES_UNDER_WAY, ROWS_MAX);
	write_list(p, "已开和不再开的", "还没有发票。", BILLING_INVOICES_OVER, LATEST_MAX);
	layout_end(p);
}

static const struct page_spec spec = {
	.name = "clerk/invoices",
	.roles = PAGE_ROLE(FLOW_ACCOUNTANT),
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
