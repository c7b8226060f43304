/* differences.c: clerk/differences: where the service's bills and our ledger do
 * not agree, and which bills are not read yet. */
#include "finance.h"

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

struct difference {
	int64_t id;
	const char *day, *kind, *number, *staff, *reason;
	struct finance_fen ours, theirs;
	bool booked_since;
};

static bool next_difference(struct db_result *r, struct difference *d)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &d->id), DB_VIEW("day", &d->day),
				     DB_VIEW("kind", &d->kind), DB_VIEW("number", &d->number),
				     FINANCE_FEN("ours_fen", &d->ours),
				     FINANCE_FEN("theirs_fen", &d->theirs),
				     DB_OR_NULL(DB_VIEW("staff", &d->staff)),
				     DB_OR_NULL(DB_VIEW("reason", &d->reason)),
				     DB_FLAG("booked_since", &d->booked_since)));
}

static void write_about(struct markup *m, const struct difference *d)
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

#define DIFFERENCE_SQL                                                                       \
	"SELECT f.id, f.day, f.kind, f.number, f.ours_fen, f.theirs_fen,"                    \
	" s.name AS staff, t.reason, f.ours_fen IS NULL AND EXISTS (SELECT 1 FROM payment p" \
	"  WHERE p.out_trade_no = f.number AND p.paid_fen IS NOT NULL) AS booked_since"      \
	" FROM difference f LEFT JOIN difference_act t ON t.difference = f.id"               \
	" LEFT JOIN staff s ON s.id = t.staff"

static void write_open(struct page *p)
{
	static const char *const heads[] = { "账单日", "差异和单号", "系统", "账单", "处理", NULL };
	struct markup *m = p->markup;
	struct db_result *r = db_select(
		p->db, DIFFERENCE_SQL " WHERE t.difference IS NULL ORDER BY f.day, f.id LIMIT ?",
		DB_ARGS(db_int(ROWS_MAX)));
	struct difference d;

	if (!next_difference(r, &d)) {
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
	} while (next_difference(r, &d));
	finance_end_table(m);
	db_result_free(r);
}

static void write_cleared(struct page *p)
{
	static const char *const heads[] = { "账单日", "差异和单号", "系统", "账单", "核对", NULL };
	struct markup *m = p->markup;
	struct db_result *r = db_select(p->db,
					DIFFERENCE_SQL " WHERE t.difference IS NOT NULL"
						       " ORDER BY t.at DESC LIMIT ?",
					DB_ARGS(db_int(LATEST_MAX)));
	struct difference d;

	if (next_difference(r, &d)) {
		finance_begin_table(m, "已核对的差异", heads);
		do {
			markup_open(m, "tr", NULL);
			write_about(m, &d);
			markup_open(m, "td", NULL);
			markup_text(m, d.staff);
			markup_element(m, "span", d.reason, "class", "yj-hint", NULL);
			markup_close(m, "td");
			markup_close(m, "tr");
		} while (next_difference(r, &d));
		finance_end_table(m);
	}
	db_result_free(r);
}

struct day {
	const char *day, *state, *failure;
	int64_t rows;
	struct finance_fen paid, refund;
};

static bool next_day(struct db_result *r, struct day *d)
{
	return db_next_row(r, DB_OUT(DB_VIEW("day", &d->day), DB_VIEW("state", &d->state),
				     DB_OR_NULL(DB_VIEW("failure", &d->failure)),
				     DB_OR_NULL(DB_INT("row_count", &d->rows)),
				     FINANCE_FEN("paid_fen", &d->paid),
				     FINANCE_FEN("refund_fen", &d->refund)));
}

static const char *day_state(const struct day *d)
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
	struct db_result *r = db_select(
		p->db,
		"SELECT day, state, failure, row_count, paid_fen, refund_fen FROM bill_day"
		" ORDER BY state = 'due' DESC, day DESC LIMIT 31",
		DB_NO_ARGS);
	struct day d;

	if (next_day(r, &d)) {
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
		} while (next_day(r, &d));
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
