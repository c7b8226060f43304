/* queue.c: clerk/queue: what waits for this role, oldest first (case/queue.h),
 * and, for a person at the window, whom a search finds. */
#include "base/url.h"
#include "base/utf8.h"
#include "base/worktime.h"
#include "case/queue.h"
#include "page/layout.h"
#include "project/list.h"

/* The list and what the query asked for. */
struct queue {
	struct page *p;
	const char *project; /* code; "" for all */
	struct buffer search;
	struct case_filter filter;
	struct case_state state[CASE_STATES_MAX];
	size_t state_count;
};

static const char *query(const struct page *p, const char *name)
{
	const char *value = request_query(p->request, name);

	return value ? value : "";
}

static void read_filter(struct queue *q)
{
	struct case_filter *f = &q->filter;

	q->project = query(q->p, "project");
	f->state = query(q->p, "state");
	f->newest = strcmp(query(q->p, "order"), "newest") == 0;
	utf8_fold(query(q->p, "search"), &q->search);
	if (utf8_length(buffer_text(&q->search)) > CASE_SEARCH_MAX)
		buffer_reset(&q->search);
	f->search = buffer_text(&q->search);
	case_read_after(request_query(q->p->request, "after"), f);
}

static void write_option(struct markup *m, const char *value, const char *label, const char *chosen)
{
	markup_element(m, "option", label, "value", value, "selected",
		       strcmp(value, chosen) == 0 ? "" : NULL, NULL);
}

static void begin_field(struct markup *m, const char *name, const char *label)
{
	markup_open(m, "div", "class", "yj-field", NULL);
	markup_element(m, "label", label, "class", "yj-field__label", "for", name, NULL);
}

static void begin_select(struct markup *m, const char *name, const char *label)
{
	begin_field(m, name, label);
	markup_open(m, "select", "class", "yj-input", "id", name, "name", name, NULL);
}

static void end_select(struct markup *m)
{
	markup_close(m, "select");
	markup_close(m, "div");
}

/* The choice of projects; finds the id of the chosen one on the way. */
static void write_projects(struct queue *q)
{
	struct db_result *r = project_names(q->p->db);
	struct project_name listed;

	begin_select(q->p->markup, "project", "项目");
	write_option(q->p->markup, "", "全部项目", q->project);
	while (project_names_next(r, &listed)) {
		write_option(q->p->markup, listed.code, listed.name, q->project);
		if (strcmp(listed.code, q->project) == 0)
			q->filter.project = listed.id;
	}
	end_select(q->p->markup);
	db_result_free(r);
}

static void write_states(struct queue *q)
{
	bool known = false;

	begin_select(q->p->markup, "state", "状态");
	write_option(q->p->markup, "", "全部待办", q->filter.state);
	for (size_t i = 0; i < q->state_count; i++) {
		write_option(q->p->markup, q->state[i].state, q->state[i].label, q->filter.state);
		known |= strcmp(q->state[i].state, q->filter.state) == 0;
	}
	end_select(q->p->markup);
	if (!known)
		q->filter.state = "";
}

static void write_filter(struct queue *q)
{
	struct markup *m = q->p->markup;

	markup_open(m, "form", "class", "yj-card yj-filter", "method", "get", "action",
		    "/clerk/queue", "role", "search", NULL);
	begin_field(m, "search", "企业名称开头，或统一社会信用代码");
	markup_void(m, "input", "class", "yj-input", "type", "search", "id", "search", "name",
		    "search", "value", q->filter.search, "maxlength", "100", NULL);
	markup_close(m, "div");
	write_projects(q);
	write_states(q);
	begin_select(m, "order", "顺序");
	write_option(m, "", "等得最久的在前", q->filter.newest ? "newest" : "");
	write_option(m, "newest", "最新的在前", q->filter.newest ? "newest" : "");
	end_select(m);
	markup_element(m, "button", "查找", "type", "submit", "class", "weui-btn weui-btn_default",
		       NULL);
	markup_close(m, "form");
}

static const char *state_label(const struct queue *q, const char *state)
{
	for (size_t i = 0; i < q->state_count; i++)
		if (strcmp(q->state[i].state, state) == 0)
			return q->state[i].label;
	return state;
}

static void case_link(const char *public_id, struct buffer *out)
{
	buffer_printf(out, "/clerk/case?application=%s", public_id);
}

static void write_company(struct queue *q, const struct case_row *row)
{
	const char *name = *row->company ? row->company : "（未填名称）";
	struct buffer link = BUFFER_INIT;

	markup_open(q->p->markup, "td", NULL);
	if (q->p->session.role == FLOW_CLERK) {
		case_link(row->public_id, &link);
		markup_element(q->p->markup, "a", name, "href", buffer_text(&link), NULL);
	} else {
		markup_text(q->p->markup, name); /* the producer's pages follow */
	}
	markup_close(q->p->markup, "td");
	buffer_release(&link);
}

static void write_row(struct queue *q, const struct case_row *row)
{
	struct markup *m = q->p->markup;
	struct buffer age = BUFFER_INIT;

	worktime_text(worktime_between(row->since_s, row->now_s), &age);
	markup_open(m, "tr", NULL);
	write_company(q, row);
	markup_element(m, "td", row->project, NULL);
	markup_element(m, "td", state_label(q, row->state), NULL);
	markup_element(m, "td", row->since, NULL);
	markup_element(m, "td", buffer_text(&age), NULL);
	markup_close(m, "tr");
	buffer_release(&age);
}

/* The same list behind the row `after`, or from its start. */
static void list_link(const struct queue *q, const char *after, struct buffer *out)
{
	const struct case_filter *f = &q->filter;
	const char *const pairs[][2] = {
		{ "project", q->project }, { "state", f->state },
		{ "search", f->search },   { "order", f->newest ? "newest" : "" },
		{ "after", after },
	};
	char mark = '?';

	buffer_puts(out, "/clerk/queue");
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		if (!*pairs[i][1])
			continue;
		buffer_printf(out, "%c%s=", mark, pairs[i][0]);
		url_encode(out, pairs[i][1]);
		mark = '&';
	}
}

static void write_pager(struct queue *q, const char *after, bool more)
{
	struct markup *m = q->p->markup;
	struct buffer link = BUFFER_INIT;

	markup_open(m, "nav", "class", "yj-buttons", "aria-label", "翻页", NULL);
	if (*q->filter.since) {
		list_link(q, "", &link);
		markup_element(m, "a", "回到开头", "class", "weui-btn weui-btn_default", "href",
			       buffer_text(&link), NULL);
	}
	buffer_reset(&link);
	if (more) {
		list_link(q, after, &link);
		markup_element(m, "a", "下一页", "class", "weui-btn weui-btn_default", "rel",
			       "next", "href", buffer_text(&link), NULL);
	}
	markup_close(m, "nav");
	buffer_release(&link);
}

static void begin_table(struct queue *q, int64_t count)
{
	static const char *const heads[] = { "企业", "项目", "状态", "进入时间",
					     "已等（工作时间）" };
	struct markup *m = q->p->markup;

	markup_open(m, "div", "class", "yj-card", NULL);
	markup_open(m, "p", "class", "yj-hint", NULL);
	if (count > CASE_COUNT_MAX)
		markup_printf(m, "共 %d 件以上", CASE_COUNT_MAX);
	else
		markup_printf(m, "共 %d 件", (int)count);
	markup_close(m, "p");
	layout_table(m, "待办申请", heads, ARRAY_SIZE(heads));
}

/* After a decision: the first one waiting is a press away. */
static void write_next_case(struct queue *q, const struct case_row *row)
{
	struct buffer link = BUFFER_INIT;

	if (!request_query(q->p->request, "flash") || q->p->session.role != FLOW_CLERK)
		return;
	case_link(row->public_id, &link);
	markup_open(q->p->markup, "div", "class", "yj-buttons", NULL);
	markup_element(q->p->markup, "a", "处理下一件", "class", "weui-btn weui-btn_primary",
		       "href", buffer_text(&link), NULL);
	markup_close(q->p->markup, "div");
	buffer_release(&link);
}

static void write_list(struct queue *q)
{
	struct markup *m = q->p->markup;
	struct db_result *rows = case_queue(q->p->db, q->state, q->state_count, &q->filter);
	struct case_row row;
	char after[CASE_AFTER_SIZE] = "";
	int shown = 0;
	bool more = case_queue_next(rows, &row);

	if (!more) {
		markup_element(m, "p",
			       *q->filter.search || *q->filter.since ? "没有符合条件的申请。" :
								       "没有待办，休息一下。",
			       "class", "yj-lead", NULL);
	} else {
		write_next_case(q, &row);
		begin_table(q, case_queue_count(q->p->db, q->state, q->state_count, &q->filter));
		for (; more && shown < CASE_PAGE_ROWS;
		     shown++, more = case_queue_next(rows, &row)) {
			write_row(q, &row);
			case_after(&row, after);
		}
		layout_table_end(m);
		markup_close(m, "div");
	}
	write_pager(q, after, more);
	db_result_free(rows);
}

static void show(struct page *p)
{
	struct queue q = { .p = p };

	layout_begin(p, "待办队列", 0);
	q.state_count = case_states(p->db, p->session.role, q.state);
	read_filter(&q);
	write_filter(&q);
	if (q.state_count)
		write_list(&q);
	layout_end(p);
	buffer_release(&q.search);
}

static const struct page_spec spec = {
	.name = "clerk/queue",
	.roles = PAGE_ROLE(FLOW_CLERK) | PAGE_ROLE(FLOW_PRODUCER),
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
