/* outbox.c: admin/outbox: what was promised to the outside world and is stuck,
 * and how much is waiting. Auditors look, admins decide (outbox-decide.c). No
 * personal data: an application is named by its public id. */
#include "page/page.h"

#include "db/row.h"
#include "fault/fault.h"
#include "outbox/outbox.h"
#include "page/layout.h"

#define ROWS_MAX 100

struct word {
	const char *name, *text;
};

static const struct word kinds[] = {
	{ "forms_mail", "邮寄空白表格" },
	{ "reminder", "草稿提醒" },
	{ "order_confirmed", "通知：订单已确认" },
	{ "identity_passed", "通知：身份鉴别通过" },
	{ "identity_unsure", "通知：身份转人工核验" },
	{ "identity_accepted", "通知：身份核验通过" },
	{ "identity_refused", "通知：身份核验未通过" },
	{ "paid", "通知：已付款" },
	{ "refund", "退款申请" },
	{ "refund_send", "退款：交给微信支付" },
	{ "rejected", "通知：不予办理" },
	{ "invoice", "开电子发票" },
	{ "invoice_mail", "邮寄电子发票" },
	{ "invoice_red_mail", "邮寄红字发票" },
	{ "differences", "通知：对账差异" },
	{ "refunded", "通知：已退款" },
	{ "approved", "通知：审核通过" },
	{ "refused", "通知：需要修改" },
	{ "resubmitted", "通知：已重新提交" },
	{ "produced", "通知：证书已制作" },
	{ "shipped", "通知：已寄出" },
	{ "parcel_returned", "通知：快递退回" },
	{ "completed", "通知：已完成" },
	{ "cancelled", "通知：已取消" },
	{ "expired", "通知：已过期" },
	{ "escalated", "催办工作人员" },
	{ "face_alarm", "提醒：存储的人脸数量" },
	{ "notice_alarm", "提醒：无法核实的付款通知" },
	{ "rejected", "通知：申请未通过" },
	{ "identity_failed", "通知：身份鉴别未通过" },
	{ "identity_repeat", "通知：请重做身份鉴别" },
	{ "identity_again", "通知：换了人，请重新鉴别" },
};

static const struct word classes[] = {
	{ "", "还没有尝试" },
	{ "retry_later", "对方忙或连不上，会自动重试" },
	{ "unknown", "没有收到答复，会自动重试" },
	{ "unreachable", "微信和邮箱都联系不上申请人，请电话告知" },
	{ "permanent", "对方拒绝，重试前请先查明原因" },
	{ "alarm", "我方设置有误，改好后会自动重试" },
	{ "fault", "程序处理这一条时出错，请把下面的说明告诉开发人员，会自动重试" },
};

static const char *word(const struct word *words, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i].name, name) == 0)
			return words[i].text;
	return name;
}

/* 45 秒, 12 分钟, 5 小时, 3 天 */
static void age_text(int64_t seconds, char out[32])
{
	static const struct {
		int64_t seconds;
		const char *unit;
	} units[] = { { 86400, "天" }, { 3600, "小时" }, { 60, "分钟" }, { 1, "秒" } };
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(units) && seconds < units[i].seconds)
		i++;
	snprintf(out, 32, "%lld %s", (long long)(seconds / units[i].seconds), units[i].unit);
}

static void figure(struct markup *m, const char *name, const char *label, const char *value)
{
	markup_open(m, "div", NULL);
	markup_element(m, "dt", label, NULL);
	markup_element(m, "dd", value, "data-yj-figure", name, NULL);
	markup_close(m, "div");
}

static void count(struct markup *m, const char *name, const char *label, int64_t n)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)n);
	figure(m, name, label, text);
}

static void write_figures(struct page *p)
{
	struct markup *m = p->markup;
	struct outbox_figures f;
	char age[32] = "没有";

	outbox_figures(p->db, &f);
	if (f.waiting)
		age_text(f.oldest_s, age);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "现在", "class", "yj-card__title", NULL);
	markup_open(m, "dl", "class", "yj-view", NULL);
	count(m, "waiting", "等待发出", f.waiting);
	figure(m, "oldest", "最久的已等", age);
	count(m, "late", "超过 10 分钟", f.late);
	count(m, "parked", "已停下，等人处理", f.parked);
	count(m, "done", "最近一小时发出", f.done_hour);
	markup_close(m, "dl");
	markup_close(m, "section");
}

/* A row of outbox_troubled(). */
struct trouble {
	int64_t id, age_s, attempts;
	const char *kind, *class, *error, *public_id;
	bool parked, in_work;
};

static bool next_trouble(struct db_result *rows, struct trouble *t)
{
	return db_next_row(
		rows, DB_OUT(DB_INT("id", &t->id), DB_VIEW("kind", &t->kind),
			     DB_INT("age_s", &t->age_s), DB_INT("attempts", &t->attempts),
			     DB_OR_NULL(DB_VIEW("error_class", &t->class)),
			     DB_OR_NULL(DB_VIEW("error", &t->error)), DB_FLAG("parked", &t->parked),
			     DB_OR_NULL(DB_VIEW("public_id", &t->public_id)),
			     DB_FLAG("in_work", &t->in_work)));
}

static void write_decision(struct page *p, const struct trouble *t)
{
	struct markup *m = p->markup;
	char id[32], reason[48];

	if (t->in_work) {
		markup_text(m, "正在发送");
		return;
	}
	snprintf(id, sizeof(id), "%lld", (long long)t->id);
	snprintf(reason, sizeof(reason), "reason-%s", id);
	layout_form_to(p, "admin/outbox-decide", false);
	markup_void(m, "input", "type", "hidden", "name", "row", "value", id, NULL);
	markup_element(m, "label", "原因", "class", "yj-hidden", "for", reason, NULL);
	markup_void(m, "input", "class", "yj-input", "id", reason, "name", "reason", "maxlength",
		    "200", "placeholder", "放弃须写明原因", "autocomplete", "off", NULL);
	markup_element(m, "button", "重试", "class", "weui-btn weui-btn_primary weui-btn_mini",
		       "name", "act", "value", "retry", NULL);
	markup_element(m, "button", "放弃", "class", "weui-btn weui-btn_warn weui-btn_mini", "name",
		       "act", "value", "give_up", NULL);
	markup_close(m, "form");
}

static void write_row(struct page *p, const struct trouble *t)
{
	struct markup *m = p->markup;
	char age[32];

	age_text(t->age_s, age);
	markup_open(m, "tr", NULL);
	markup_open(m, "td", NULL);
	markup_text(m, word(kinds, ARRAY_SIZE(kinds), t->kind));
	if (*t->public_id)
		markup_element(m, "span", t->public_id, "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_element(m, "td", t->parked ? "已停下" : "迟到", NULL);
	markup_element(m, "td", age, NULL);
	markup_open(m, "td", NULL);
	markup_printf(m, "%lld", (long long)t->attempts);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	markup_text(m, word(classes, ARRAY_SIZE(classes), t->class));
	if (*t->error)
		markup_element(m, "span", t->error, "class", "yj-hint", NULL);
	markup_close(m, "td");
	if (p->session.role == FLOW_ADMIN) {
		markup_open(m, "td", NULL);
		write_decision(p, t);
		markup_close(m, "td");
	}
	markup_close(m, "tr");
}

static void begin_table(struct page *p)
{
	static const char *const heads[] = { "内容和申请编号", "状态", "已等",
					     "尝试次数",       "原因", "处理" };
	size_t columns = p->session.role == FLOW_ADMIN ? ARRAY_SIZE(heads) : ARRAY_SIZE(heads) - 1;
	struct markup *m = p->markup;

	layout_table(m, "停下或迟到的", heads, columns);
}

static void write_list(struct page *p)
{
	struct db_result *rows = outbox_troubled(p->db, ROWS_MAX);
	struct markup *m = p->markup;
	struct trouble t;

	if (!next_trouble(rows, &t)) {
		markup_element(m, "p", "没有停下或迟到的，一切正常。", "class", "yj-lead", NULL);
		db_result_free(rows);
		return;
	}
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", "停下或迟到的", "class", "yj-card__title", NULL);
	begin_table(p);
	do
		write_row(p, &t);
	while (next_trouble(rows, &t));
	layout_table_end(m);
	markup_close(m, "section");
	db_result_free(rows);
}

static const struct word jobs[] = {
	{ "poll.notice", "入账：支付通知" }, { "poll.order", "查询：订单付款结果" },
	{ "poll.refund", "查询：退款结果" }, { "poll.moved", "退款到账后结案" },
	{ "identity", "身份鉴别：取结果" },  { "identity.lapse", "身份鉴别：超时结束" },
	{ "cron/expire", "到期处理" },       { "cron/remind", "草稿提醒" },
	{ "cron/purge-face", "销毁人脸" },
};

/* A row of fault_list(). */
struct failure {
	const char *job, *item, *class, *reason;
	int64_t attempts, age_s;
	bool parked;
};

static bool next_failure(struct db_result *rows, struct failure *f)
{
	return db_next_row(rows,
			   DB_OUT(DB_VIEW("job", &f->job), DB_VIEW("item", &f->item),
				  DB_INT("attempts", &f->attempts), DB_INT("age_s", &f->age_s),
				  DB_VIEW("class", &f->class), DB_VIEW("reason", &f->reason),
				  DB_FLAG("parked", &f->parked)));
}

static void write_fault(struct markup *m, const struct failure *f)
{
	char age[32];

	age_text(f->age_s, age);
	markup_open(m, "tr", NULL);
	markup_open(m, "td", NULL);
	markup_text(m, word(jobs, ARRAY_SIZE(jobs), f->job));
	markup_element(m, "span", f->item, "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_element(m, "td", f->parked ? "已停下" : "会自动重试", NULL);
	markup_element(m, "td", age, NULL);
	markup_open(m, "td", NULL);
	markup_printf(m, "%lld", (long long)f->attempts);
	markup_close(m, "td");
	markup_open(m, "td", NULL);
	markup_text(m, f->class);
	markup_element(m, "span", f->reason, "class", "yj-hint", NULL);
	markup_close(m, "td");
	markup_close(m, "tr");
}

/* Rows of other jobs over which a process ended; nothing when there are none. */
static void write_faults(struct page *p)
{
	static const char *const heads[] = { "任务和编号", "状态", "已有", "尝试次数", "说明" };
	struct db_result *rows = fault_list(p->db, ROWS_MAX);
	struct markup *m = p->markup;
	struct failure f;

	if (next_failure(rows, &f)) {
		markup_open(m, "section", "class", "yj-card", "id", "faults", NULL);
		markup_element(m, "h2", "处理时出错的", "class", "yj-card__title", NULL);
		markup_element(m, "p", "程序处理这些时出错，其他的照常进行。请把说明告诉开发人员。",
			       "class", "yj-hint", NULL);
		layout_table(m, "处理时出错的", heads, ARRAY_SIZE(heads));
		do
			write_fault(m, &f);
		while (next_failure(rows, &f));
		layout_table_end(m);
		markup_close(m, "section");
	}
	db_result_free(rows);
}

static void show(struct page *p)
{
	layout_begin(p, "发件箱", 0);
	write_figures(p);
	write_list(p);
	write_faults(p);
	layout_end(p);
}

static const struct page_spec spec = {
	.name = "admin/outbox",
	.roles = PAGE_ROLE(FLOW_ADMIN) | PAGE_ROLE(FLOW_AUDITOR),
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
