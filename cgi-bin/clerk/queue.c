/* queue.c: clerk/queue: what waits for this role, oldest first.
 *
 * Pages go on behind the last row shown (keyset), so that rows that come and
 * go meanwhile make no gap and no double. Each waiting state is read along its
 * index and the short lists are merged, whatever the size of the table. */
#include "page/page.h"

#include <ctype.h>

#include "base/url.h"
#include "base/utf8.h"
#include "base/worktime.h"
#include "page/layout.h"

#define PAGE_ROWS 50
#define COUNT_MAX 1000
#define STATES_MAX 8
#define ARGS_MAX 80
#define SEARCH_MAX 100 /* characters */
#define AFTER_SIZE 48

/* What the clerk asked for, from the query. */
struct filter {
	const char *project; /* code; "" for all */
	const char *state; /* "" for all that wait for the role */
	struct buffer search;
	bool newest;
	char since[24]; /* behind this row; "" at the start */
	int64_t after_id;
};

struct state {
	char state[FLOW_STATE_MAX + 1], label[241]; /* bytes */
};

struct queue {
	struct page *p;
	struct filter filter;
	struct state state[STATES_MAX];
	size_t state_count;
	int64_t project; /* id; 0: all */
	struct buffer sql;
	struct db_arg arg[ARGS_MAX];
	size_t arg_count;
};

/* after=2026-11-23T03:58:30.123_42 */
static bool read_after(const char *text, struct filter *f)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd.ddd";
	size_t n = sizeof(shape) - 1;
	char *end;

	if (!text || strlen(text) <= n || text[n] != '_' || !isdigit((unsigned char)text[n + 1]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i])
			return false;
	f->after_id = strtoll(text + n + 1, &end, 10);
	if (*end)
		return false;
	memcpy(f->since, text, n);
	f->since[10] = ' ';
	f->since[n] = '\0';
	return true;
}

static const char *query(const struct page *p, const char *name)
{
	const char *value = request_query(p->request, name);

	return value ? value : "";
}

static void read_filter(struct queue *q)
{
	struct filter *f = &q->filter;

	f->project = query(q->p, "project");
	f->state = query(q->p, "state");
	f->newest = strcmp(query(q->p, "order"), "newest") == 0;
	utf8_fold_width(query(q->p, "search"), &f->search);
	if (utf8_length(buffer_text(&f->search)) > SEARCH_MAX)
		buffer_reset(&f->search);
	read_after(request_query(q->p->request, "after"), f);
}

static void load_states(struct queue *q)
{
	struct db_result *rows =
		db_select(q->p->db,
			  "SELECT state, MIN(label) FROM flow_state WHERE waits_for = ?"
			  " GROUP BY state ORDER BY MIN(ord)",
			  DB_ARGS(db_text(flow_role_names[q->p->session.role])));

	while (q->state_count < STATES_MAX && db_next(rows)) {
		struct state *s = &q->state[q->state_count++];

		snprintf(s->state, sizeof(s->state), "%s", db_text_at(rows, 0));
		snprintf(s->label, sizeof(s->label), "%s", db_text_at(rows, 1));
	}
	db_result_free(rows);
}

static void add(struct queue *q, const char *sql)
{
	buffer_puts(&q->sql, sql);
}

static void add_arg(struct queue *q, struct db_arg arg)
{
	q->arg[q->arg_count++] = arg;
}

/* Whether the text is shaped like a credit code, so is not a name. */
static bool is_code(const char *text)
{
	return strlen(text) == 18 &&
	       strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == 18;
}

/* The applications of one state, as far as they can be on this page. */
static void add_state(struct queue *q, const struct state *s, const char *columns, int64_t limit)
{
	const struct filter *f = &q->filter;
	const char *search = buffer_text(&f->search);

	add(q, "(SELECT ");
	add(q, columns);
	add(q, *search ? " FROM company c JOIN application a ON a.id = c.application" :
			 " FROM application a");
	add(q, " WHERE a.state = ?");
	add_arg(q, db_text(s->state));
	if (q->project) {
		add(q, " AND a.project = ?");
		add_arg(q, db_int(q->project));
	}
	if (*search) {
		add(q, is_code(search) ? " AND c.uscc = UPPER(?)" :
					 " AND c.name LIKE CONCAT(REPLACE(REPLACE(REPLACE(?,"
					 " '|', '||'), '%', '|%'), '_', '|_'), '%') ESCAPE '|'");
		add_arg(q, db_text(search));
	}
	if (*f->since) {
		add(q, f->newest ? " AND a.state_since <= ? AND (a.state_since < ? OR a.id < ?)" :
				   " AND a.state_since >= ? AND (a.state_since > ? OR a.id > ?)");
		add_arg(q, db_text(f->since));
		add_arg(q, db_text(f->since));
		add_arg(q, db_int(f->after_id));
	}
	add(q, f->newest ? " ORDER BY a.state_since DESC, a.id DESC LIMIT ?)" :
			   " ORDER BY a.state_since, a.id LIMIT ?)");
	add_arg(q, db_int(limit));
}

static void add_states(struct queue *q, const char *columns, int64_t limit)
{
	bool first = true;

	for (size_t i = 0; i < q->state_count; i++) {
		if (*q->filter.state && strcmp(q->filter.state, q->state[i].state))
			continue;
		if (!first)
			add(q, " UNION ALL ");
		add_state(q, &q->state[i], columns, limit);
		first = false;
	}
}

static struct db_result *run(struct queue *q)
{
	struct db_result *rows = db_select(q->p->db, buffer_text(&q->sql),
					   (struct db_args){ q->arg, q->arg_count });

	buffer_reset(&q->sql);
	q->arg_count = 0;
	return rows;
}

static struct db_result *select_rows(struct queue *q)
{
	add(q, "SELECT q.public_id, c.name, p.name, q.state,"
	       " DATE_FORMAT(q.state_since" LAYOUT_MINUTE_SQL ","
	       " TIMESTAMPDIFF(SECOND, '1970-01-01', q.state_since),"
	       " TIMESTAMPDIFF(SECOND, '1970-01-01', UTC_TIMESTAMP()),"
	       " DATE_FORMAT(q.state_since, '%Y-%m-%dT%H:%i:%s.%f'), q.id FROM (");
	add_states(q, "a.id, a.public_id, a.project, a.state, a.state_since", PAGE_ROWS + 1);
	add(q,
	    ") q JOIN project p ON p.id = q.project LEFT JOIN company c ON c.application = q.id");
	add(q, q->filter.newest ? " ORDER BY q.state_since DESC, q.id DESC LIMIT ?" :
				  " ORDER BY q.state_since, q.id LIMIT ?");
	add_arg(q, db_int(PAGE_ROWS + 1));
	return run(q);
}

/* How many wait in all, counted no further than COUNT_MAX. */
static int64_t count_rows(struct queue *q)
{
	struct filter *f = &q->filter;
	char since[sizeof(f->since)];
	struct db_result *row;
	int64_t n;

	memcpy(since, f->since, sizeof(since));
	*f->since = '\0';
	add(q, "SELECT COUNT(*) FROM (");
	add_states(q, "1", COUNT_MAX + 1);
	add(q, ") q");
	row = run(q);
	n = db_next(row) ? db_int_at(row, 0) : 0;
	db_result_free(row);
	memcpy(f->since, since, sizeof(since));
	return n;
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
	struct db_result *rows =
		db_select(q->p->db, "SELECT id, code, name FROM project ORDER BY name", DB_NO_ARGS);

	begin_select(q->p->markup, "project", "项目");
	write_option(q->p->markup, "", "全部项目", q->filter.project);
	while (db_next(rows)) {
		write_option(q->p->markup, db_text_at(rows, 1), db_text_at(rows, 2),
			     q->filter.project);
		if (strcmp(db_text_at(rows, 1), q->filter.project) == 0)
			q->project = db_int_at(rows, 0);
	}
	end_select(q->p->markup);
	db_result_free(rows);
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
		    "search", "value", buffer_text(&q->filter.search), "maxlength", "100", NULL);
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

static void write_company(struct queue *q, const struct db_result *row)
{
	const char *name = *db_text_at(row, 1) ? db_text_at(row, 1) : "（未填名称）";
	struct buffer link = BUFFER_INIT;

	markup_open(q->p->markup, "td", NULL);
	if (q->p->session.role == FLOW_CLERK) {
		case_link(db_text_at(row, 0), &link);
		markup_element(q->p->markup, "a", name, "href", buffer_text(&link), NULL);
	} else {
		markup_text(q->p->markup, name); /* the producer's pages follow */
	}
	markup_close(q->p->markup, "td");
	buffer_release(&link);
}

static void write_row(struct queue *q, const struct db_result *row)
{
	struct markup *m = q->p->markup;
	struct buffer age = BUFFER_INIT;

	worktime_text(worktime_between(db_int_at(row, 5), db_int_at(row, 6)), &age);
	markup_open(m, "tr", NULL);
	write_company(q, row);
	markup_element(m, "td", db_text_at(row, 2), NULL);
	markup_element(m, "td", state_label(q, db_text_at(row, 3)), NULL);
	markup_element(m, "td", db_text_at(row, 4), NULL);
	markup_element(m, "td", buffer_text(&age), NULL);
	markup_close(m, "tr");
	buffer_release(&age);
}

/* The same list behind the row `after`, or from its start. */
static void list_link(const struct queue *q, const char *after, struct buffer *out)
{
	const struct filter *f = &q->filter;
	const char *const pairs[][2] = {
		{ "project", f->project },
		{ "state", f->state },
		{ "search", buffer_text(&f->search) },
		{ "order", f->newest ? "newest" : "" },
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
	if (count > COUNT_MAX)
		markup_printf(m, "共 %d 件以上", COUNT_MAX);
	else
		markup_printf(m, "共 %d 件", (int)count);
	markup_close(m, "p");
	markup_open(m, "table", "class", "yj-table", "aria-label", "待办申请", NULL);
	markup_open(m, "thead", NULL);
	markup_open(m, "tr", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		markup_element(m, "th", heads[i], "scope", "col", NULL);
	markup_close(m, "tr");
	markup_close(m, "thead");
	markup_open(m, "tbody", NULL);
}

/* After a decision: the first one waiting is a press away. */
static void write_next_case(struct queue *q, const struct db_result *row)
{
	struct buffer link = BUFFER_INIT;

	if (!*query(q->p, "notice") || q->p->session.role != FLOW_CLERK)
		return;
	case_link(db_text_at(row, 0), &link);
	markup_open(q->p->markup, "div", "class", "yj-buttons", NULL);
	markup_element(q->p->markup, "a", "处理下一件", "class", "weui-btn weui-btn_primary",
		       "href", buffer_text(&link), NULL);
	markup_close(q->p->markup, "div");
	buffer_release(&link);
}

static void write_list(struct queue *q)
{
	struct markup *m = q->p->markup;
	struct db_result *rows = select_rows(q);
	char after[AFTER_SIZE] = "";
	int shown = 0;
	bool more = db_next(rows);

	if (!more) {
		markup_element(m, "p",
			       buffer_text(&q->filter.search)[0] || *q->filter.since ?
				       "没有符合条件的申请。" :
				       "没有待办，休息一下。",
			       "class", "yj-lead", NULL);
	} else {
		write_next_case(q, rows);
		begin_table(q, count_rows(q));
		for (; more && shown < PAGE_ROWS; shown++, more = db_next(rows)) {
			write_row(q, rows);
			snprintf(after, sizeof(after), "%.23s_%lld", db_text_at(rows, 7),
				 (long long)db_int_at(rows, 8));
		}
		markup_close(m, "tbody");
		markup_close(m, "table");
		markup_close(m, "div");
	}
	write_pager(q, after, more);
	db_result_free(rows);
}

static void show(struct page *p)
{
	struct queue q = { .p = p };

	layout_begin(p, "待办队列", 0);
	load_states(&q);
	read_filter(&q);
	write_filter(&q);
	if (q.state_count)
		write_list(&q);
	layout_end(p);
	buffer_release(&q.filter.search);
	buffer_release(&q.sql);
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
