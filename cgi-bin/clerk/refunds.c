/* refunds.c: clerk/refunds: money that is to go back: what waits for a second
 * person, what found no way, what came in odd, and how the rest stands. */
#include "finance.h"

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

#define REFUND_SQL                                                                             \
	"SELECT r.id, c.name, p.out_trade_no, r.amount_fen, r.cause, s.name,"                  \
	" DATE_FORMAT(r.requested_at" LAYOUT_MINUTE_SQL ", r.state, r.requested_by, d.name,"   \
	" r.note, (SELECT COUNT(*) FROM refund_act t WHERE t.refund = r.id), EXISTS (SELECT 1" \
	" FROM invoice i WHERE i.payment = r.payment AND i.live IS NOT NULL"                   \
	" AND i.state <> 'issued') FROM refund r JOIN payment p ON p.id = r.payment"           \
	" LEFT JOIN company c ON c.application = r.application"                                \
	" LEFT JOIN staff s ON s.id = r.requested_by LEFT JOIN staff d ON d.id = r.decided_by"

static void write_about(struct markup *m, const struct db_result *r)
{
	finance_who(m, db_text_at(r, 1), db_text_at(r, 2));
	finance_money(m, NULL, r, 3);
	markup_element(m, "td", word(causes, ARRAY_SIZE(causes), db_text_at(r, 4)), NULL);
}

/* The page says how many decisions it has seen, so that one made on an old page
 * is not taken for one on the refund as it stands. */
static void begin_decision(struct page *p, const struct db_result *r, const char *placeholder)
{
	char seen[24];

	snprintf(seen, sizeof(seen), "%lld", (long long)db_int_at(r, 11));
	layout_form_to(p, "clerk/refund-decide", false);
	markup_void(p->markup, "input", "type", "hidden", "name", "seen", "value", seen, NULL);
	finance_row_field(p->markup, db_int_at(r, 0), "note", "说明", placeholder);
}

static void write_requested(struct page *p, const struct db_result *r)
{
	struct markup *m = p->markup;

	markup_open(m, "tr", NULL);
	write_about(m, r);
	markup_open(m, "td", NULL);
	markup_text(m, *db_text_at(r, 5) ? db_text_at(r, 5) : "系统");
	markup_element(m, "span", db_text_at(r, 6), "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	if (!db_is_null(r, 8) && db_int_at(r, 8) == p->session.subject) {
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

static void write_abnormal(struct page *p, const struct db_result *r)
{
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

static void write_other(struct page *p, const struct db_result *r)
{
	struct markup *m = p->markup;

	markup_open(m, "tr", NULL);
	write_about(m, r);
	markup_open(m, "td", NULL);
	markup_text(m, word(states, ARRAY_SIZE(states), db_text_at(r, 7)));
	if (!strcmp(db_text_at(r, 7), "confirmed") && db_int_at(r, 12))
		markup_element(m, "span", "等发票处理完", "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	markup_text(m, db_text_at(r, 9));
	markup_element(m, "span", db_text_at(r, 10), "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_close(m, "tr");
}

/* Came in with another amount, currency or merchant, or is kept after a refund
 * was declined. */
#define ODD_SQL                                                                           \
	"SELECT p.id, c.name, p.out_trade_no, p.amount_fen, p.paid_fen, p.currency,"      \
	" EXISTS (SELECT 1 FROM refund r WHERE r.payment = p.id AND r.live = 1), p.state" \
	" FROM payment p LEFT JOIN company c ON c.application = p.application"            \
	" WHERE p.state = 'odd' OR (p.state = 'paid' AND EXISTS (SELECT 1 FROM refund r"  \
	"  WHERE r.payment = p.id AND r.state = 'declined') AND NOT EXISTS (SELECT 1"     \
	"  FROM refund r WHERE r.payment = p.id AND r.live = 1)) ORDER BY p.id DESC LIMIT ?"

static void write_odd(struct page *p, const struct db_result *r)
{
	struct markup *m = p->markup;
	char id[32];

	markup_open(m, "tr", NULL);
	finance_who(m, db_text_at(r, 1), db_text_at(r, 2));
	finance_money(m, "应付", r, 3);
	finance_money(m, "实付", r, 4);
	markup_open(m, "td", NULL);
	markup_text(m, !strcmp(db_text_at(r, 7), "odd") ? "异常" : "退款未获确认");
	if (*db_text_at(r, 5) && strcmp(db_text_at(r, 5), "CNY") != 0)
		markup_element(m, "span", db_text_at(r, 5), "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	if (db_int_at(r, 6)) {
		markup_text(m, "已有退款记录");
	} else {
		snprintf(id, sizeof(id), "%lld", (long long)db_int_at(r, 0));
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

static const struct section {
	const char *title, *nothing;
	const char *const *heads;
	const char *sql;
	int rows_max;
	void (*write)(struct page *, const struct db_result *);
} sections[] = {
	{ "待确认的退款", "没有待确认的退款。", heads_requested,
	  REFUND_SQL " WHERE r.state = 'requested' ORDER BY r.id LIMIT ?", ROWS_MAX,
	  write_requested },
	{ "退款异常", "没有退不回去的款。", heads_abnormal,
	  REFUND_SQL " WHERE r.state = 'abnormal' ORDER BY r.id LIMIT ?", ROWS_MAX,
	  write_abnormal },
	{ "异常付款", "没有异常付款。", heads_odd, ODD_SQL, ROWS_MAX, write_odd },
	{ "其他退款", "还没有退款。", heads_other,
	  REFUND_SQL " WHERE r.state NOT IN ('requested', 'abnormal')"
		     " ORDER BY r.state IN ('confirmed', 'sent') DESC, r.id DESC LIMIT ?",
	  LATEST_MAX, write_other },
};

static void write_section(struct page *p, const struct section *s)
{
	struct db_result *r = db_select(p->db, s->sql, DB_ARGS(db_int(s->rows_max)));

	if (!db_next(r)) {
		finance_nothing(p->markup, s->title, s->nothing);
	} else {
		finance_begin_table(p->markup, s->title, s->heads);
		do
			s->write(p, r);
		while (db_next(r));
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
