/* refunds.c: clerk/refunds: money that is to go back: what waits for a second
 * person, what found no way, what came in odd, and how the rest stands. */
#include "finance.h"

#include "pay/desk.h"

#define ROWS_MAX 200
#define LATEST_MAX 50

struct word {
	const char *name, *text;
};

static const struct word causes[] = {
	{ "ended", "申请已结束" },
	{ "excess", "重复付款" },
	{ "odd", "金额不符" },
	{ "desk", "财务提出" },
};

static const struct word states[] = {
	{ "requested", "待确认" }, { "declined", "不退" },      { "confirmed", "待发出" },
	{ "sent", "退款中" },      { "done", "已退款" },        { "abnormal", "退款异常" },
	{ "closed", "已关闭" },    { "by_hand", "已另行退回" },
};

static const char *word(const struct word *words, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i].name, name))
			return words[i].text;
	return name;
}

/* A row of any section. */
union row {
	struct pay_refund_row refund;
	struct pay_odd_row odd;
};

static bool next_refund(struct db_result *rows, union row *row)
{
	return pay_refunds_next(rows, &row->refund);
}

static void write_about(struct markup *m, const struct pay_refund_row *r)
{
	finance_who(m, r->company, r->out_trade_no);
	finance_money(m, NULL, &r->amount);
	markup_element(m, "td", word(causes, ARRAY_SIZE(causes), r->cause), NULL);
}

/* The page says how many decisions it has seen, so that one made on an old page
 * is not taken for one on the refund as it stands. */
static void begin_decision(struct page *p, const struct pay_refund_row *r, const char *placeholder)
{
	char seen[24];

	snprintf(seen, sizeof(seen), "%lld", (long long)r->acts);
	layout_form_to(p, "clerk/refund-decide", false);
	markup_void(p->markup, "input", "type", "hidden", "name", "seen", "value", seen, NULL);
	finance_row_field(p->markup, r->id, "note", "说明", placeholder);
}

static void write_requested(struct page *p, const union row *row)
{
	const struct pay_refund_row *r = &row->refund;
	struct markup *m = p->markup;

	markup_open(m, "tr", NULL);
	write_about(m, r);
	markup_open(m, "td", NULL);
	markup_text(m, *r->asker ? r->asker : "系统");
	markup_element(m, "span", r->requested, "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	if (r->requested_by == p->session.subject) {
		markup_text(m, "您提出的，须由另一位财务人员确认");
	} else {
		begin_decision(p, r, "不退须写明原因");
		finance_button(m, "confirm", "确认退款", true);
		finance_button(m, "decline", "不退", false);
		markup_close(m, "form");
	}
	markup_close(m, "td");
	markup_close(m, "tr");
}

static void write_abnormal(struct page *p, const union row *row)
{
	const struct pay_refund_row *r = &row->refund;
	struct markup *m = p->markup;

	markup_open(m, "tr", NULL);
	write_about(m, r);
	markup_open(m, "td", NULL);
	begin_decision(p, r, "另行退回须写明方式和凭证号");
	finance_button(m, "again", "再试一次", true);
	finance_button(m, "by_hand", "已用其他方式退回", false);
	markup_close(m, "form");
	markup_close(m, "td");
	markup_close(m, "tr");
}

static void write_other(struct page *p, const union row *row)
{
	const struct pay_refund_row *r = &row->refund;
	struct markup *m = p->markup;

	markup_open(m, "tr", NULL);
	write_about(m, r);
	markup_open(m, "td", NULL);
	markup_text(m, word(states, ARRAY_SIZE(states), r->state));
	if (!strcmp(r->state, "confirmed") && r->waits_for_invoice)
		markup_element(m, "span", "等发票处理完", "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	markup_text(m, r->decider);
	markup_element(m, "span", r->note, "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_close(m, "tr");
}

static bool next_odd(struct db_result *rows, union row *row)
{
	return pay_odd_next(rows, &row->odd);
}

static void write_odd(struct page *p, const union row *row)
{
	const struct pay_odd_row *o = &row->odd;
	struct markup *m = p->markup;
	char id[32];

	markup_open(m, "tr", NULL);
	finance_who(m, o->company, o->out_trade_no);
	finance_money(m, "应付", &o->amount);
	finance_money(m, "实付", &o->paid);
	markup_open(m, "td", NULL);
	markup_text(m, !strcmp(o->state, "odd") ? "异常" : "退款未获确认");
	if (*o->currency && strcmp(o->currency, "CNY") != 0)
		markup_element(m, "span", o->currency, "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	if (o->has_refund) {
		markup_text(m, "已有退款记录");
	} else {
		snprintf(id, sizeof(id), "%lld", (long long)o->id);
		layout_form_to(p, "clerk/refund-request", false);
		markup_void(m, "input", "type", "hidden", "name", "row", "value", id, NULL);
		finance_button(m, "request", "申请退款", false);
		markup_close(m, "form");
	}
	markup_close(m, "td");
	markup_close(m, "tr");
}

static const char *const heads_requested[] = {
	"企业和订单号", "金额", "原因", "提出", "处理", NULL
};
static const char *const heads_abnormal[] = { "企业和订单号", "金额", "原因", "处理", NULL };
static const char *const heads_odd[] = { "企业和订单号", "应付", "实付", "情况", "处理", NULL };
static const char *const heads_other[] = { "企业和订单号", "金额", "原因", "状态", "处理人", NULL };

static struct db_result *requested(struct db *db)
{
	return pay_refunds(db, PAY_REFUNDS_REQUESTED, ROWS_MAX);
}

static struct db_result *abnormal(struct db *db)
{
	return pay_refunds(db, PAY_REFUNDS_ABNORMAL, ROWS_MAX);
}

static struct db_result *odd(struct db *db)
{
	return pay_odd(db, ROWS_MAX);
}

static struct db_result *other(struct db *db)
{
	return pay_refunds(db, PAY_REFUNDS_OTHER, LATEST_MAX);
}

static const struct section {
	const char *title, *nothing;
	const char *const *heads;
	struct db_result *(*load)(struct db *);
	bool (*next)(struct db_result *, union row *);
	void (*write)(struct page *, const union row *);
} sections[] = {
	{ "待确认的退款", "没有待确认的退款。", heads_requested, requested, next_refund,
	  write_requested },
	{ "退款异常", "没有退不回去的款。", heads_abnormal, abnormal, next_refund, write_abnormal },
	{ "异常付款", "没有异常付款。", heads_odd, odd, next_odd, write_odd },
	{ "其他退款", "还没有退款。", heads_other, other, next_refund, write_other },
};

static void write_section(struct page *p, const struct section *s)
{
	struct db_result *r = s->load(p->db);
	union row row;

	if (!s->next(r, &row)) {
		finance_nothing(p->markup, s->title, s->nothing);
	} else {
		finance_begin_table(p->markup, s->title, s->heads);
		do
			s->write(p, &row);
		while (s->next(r, &row));
		finance_end_table(p->markup);
	}
	db_result_free(r);
}

static void show(struct page *p)
{
	finance_begin(p, "退款");
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		write_section(p, &sections[i]);
	layout_end(p);
}

static const struct page_spec spec = {
	.name = "clerk/refunds",
	.roles = PAGE_ROLE(FLOW_ACCOUNTANT),
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
