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

#define REFUND_SQL                                                                                        \
	"SELECT r.id, c.name AS company, p.out_trade_no, r.amount_fen, r.cause,"                          \
	" s.name AS asker, DATE_FORMAT(r.requested_at" LAYOUT_MINUTE_SQL " AS requested, r.state,"        \
	" r.requested_by, d.name AS decider, r.note, (SELECT COUNT(*) FROM refund_act t"                  \
	"  WHERE t.refund = r.id) AS acts, EXISTS (SELECT 1"                                              \
	" FROM invoice i WHERE i.payment = r.payment AND i.live IS NOT NULL"                              \
	" AND i.state <> 'issued') AS waits_for_invoice FROM refund r JOIN payment p ON p.id = r.payment" \
	" LEFT JOIN company c ON c.application = r.application"                                           \
	" LEFT JOIN staff s ON s.id = r.requested_by LEFT JOIN staff d ON d.id = r.decided_by"

struct refund {
	int64_t id, requested_by, acts;
	const char *company, *out_trade_no, *cause, *asker, *requested, *state, *decider, *note;
	struct finance_fen amount;
	bool waits_for_invoice;
};

struct odd {
	int64_t id;
	const char *company, *out_trade_no, *currency, *state;
	struct finance_fen amount, paid;
	bool has_refund;
};

/* A row of any section. */
union row {
	struct refund refund;
	struct odd odd;
};

static bool next_refund(struct db_result *rows, union row *row)
{
	struct refund *r = &row->refund;

	return db_next_row(
		rows, DB_OUT(DB_INT("id", &r->id), DB_OR_NULL(DB_VIEW("company", &r->company)),
			     DB_VIEW("out_trade_no", &r->out_trade_no),
			     FINANCE_FEN("amount_fen", &r->amount), DB_VIEW("cause", &r->cause),
			     DB_OR_NULL(DB_VIEW("asker", &r->asker)),
			     DB_VIEW("requested", &r->requested), DB_VIEW("state", &r->state),
			     DB_OR_NULL(DB_INT("requested_by", &r->requested_by)),
			     DB_OR_NULL(DB_VIEW("decider", &r->decider)), DB_VIEW("note", &r->note),
			     DB_INT("acts", &r->acts),
			     DB_FLAG("waits_for_invoice", &r->waits_for_invoice)));
}

static void write_about(struct markup *m, const struct refund *r)
{
	finance_who(m, r->company, r->out_trade_no);
	finance_money(m, NULL, &r->amount);
	markup_element(m, "td", word(causes, ARRAY_SIZE(causes), r->cause), NULL);
}

/* The page says how many decisions it has seen, so that one made on an old page
 * is not taken for one on the refund as it stands. */
static void begin_decision(struct page *p, const struct refund *r, const char *placeholder)
{
	char seen[24];

	snprintf(seen, sizeof(seen), "%lld", (long long)r->acts);
	layout_form_to(p, "clerk/refund-decide", false);
	markup_void(p->markup, "input", "type", "hidden", "name", "seen", "value", seen, NULL);
	finance_row_field(p->markup, r->id, "note", "说明", placeholder);
}

static void write_requested(struct page *p, const union row *row)
{
	const struct refund *r = &row->refund;
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
	const struct refund *r = &row->refund;
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
	const struct refund *r = &row->refund;
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

/* Came in with another amount, currency or merchant, or is kept after a refund
 * was declined. */
#define ODD_SQL                                                                                 \
	"SELECT p.id, c.name AS company, p.out_trade_no, p.amount_fen, p.paid_fen, p.currency," \
	" EXISTS (SELECT 1 FROM refund r WHERE r.payment = p.id AND r.live = 1)"                \
	" AS has_refund, p.state"                                                               \
	" FROM payment p LEFT JOIN company c ON c.application = p.application"                  \
	" WHERE p.state = 'odd' OR (p.state = 'paid' AND EXISTS (SELECT 1 FROM refund r"        \
	"  WHERE r.payment = p.id AND r.state = 'declined') AND NOT EXISTS (SELECT 1"           \
	"  FROM refund r WHERE r.payment = p.id AND r.live = 1)) ORDER BY p.id DESC LIMIT ?"

static bool next_odd(struct db_result *rows, union row *row)
{
	struct odd *o = &row->odd;

	return db_next_row(
		rows,
		DB_OUT(DB_INT("id", &o->id), DB_OR_NULL(DB_VIEW("company", &o->company)),
		       DB_VIEW("out_trade_no", &o->out_trade_no),
		       FINANCE_FEN("amount_fen", &o->amount), FINANCE_FEN("paid_fen", &o->paid),
		       DB_OR_NULL(DB_VIEW("currency", &o->currency)),
		       DB_FLAG("has_refund", &o->has_refund), DB_VIEW("state", &o->state)));
}

static void write_odd(struct page *p, const union row *row)
{
	const struct odd *o = &row->odd;
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

static const struct section {
	const char *title, *nothing;
	const char *const *heads;
	const char *sql;
	int rows_max;
	bool (*next)(struct db_result *, union row *);
	void (*write)(struct page *, const union row *);
} sections[] = {
	{ "待确认的退款", "没有待确认的退款。", heads_requested,
	  REFUND_SQL " WHERE r.state = 'requested' ORDER BY r.id LIMIT ?", ROWS_MAX, next_refund,
	  write_requested },
	{ "退款异常", "没有退不回去的款。", heads_abnormal,
	  REFUND_SQL " WHERE r.state = 'abnormal' ORDER BY r.id LIMIT ?", ROWS_MAX, next_refund,
	  write_abnormal },
	{ "异常付款", "没有异常付款。", heads_odd, ODD_SQL, ROWS_MAX, next_odd, write_odd },
	{ "其他退款", "还没有退款。", heads_other,
	  REFUND_SQL " WHERE r.state NOT IN ('requested', 'abnormal')"
		     " ORDER BY r.state IN ('confirmed', 'sent') DESC, r.id DESC LIMIT ?",
	  LATEST_MAX, next_refund, write_other },
};

static void write_section(struct page *p, const struct section *s)
{
	struct db_result *r = db_select(p->db, s->sql, DB_ARGS(db_int(s->rows_max)));
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
