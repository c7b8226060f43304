/* queue-select.c: which applications stand in the queue, and in what order. */
#include "queue-select.h"

#include <ctype.h>

#include "base/utf8.h"
#include "db/row.h"
#include "page/layout.h"

#define SEARCH_MAX 100 /* characters */

/* after=2026-11-23T03:58:30.123_42 */
static bool read_after(const char *text, struct queue_filter *f)
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

void queue_read_filter(struct queue *q)
{
	struct queue_filter *f = &q->filter;

	f->project = query(q->p, "project");
	f->state = query(q->p, "state");
	f->newest = strcmp(query(q->p, "order"), "newest") == 0;
	utf8_fold(query(q->p, "search"), &f->search);
	if (utf8_length(buffer_text(&f->search)) > SEARCH_MAX)
		buffer_reset(&f->search);
	read_after(request_query(q->p->request, "after"), f);
}

static void load_states(struct queue *q, const char *sql, struct db_args args, bool on_request)
{
	struct db_result *rows = db_select(q->p->db, sql, args);
	struct queue_state s = { .on_request = on_request };

	while (q->state_count < QUEUE_STATES_MAX &&
	       db_next_row(rows, DB_OUT(DB_TEXT("state", s.state), DB_TEXT("label", s.label))))
		q->state[q->state_count++] = s;
	db_result_free(rows);
}

void queue_load_states(struct queue *q)
{
	load_states(q,
		    "SELECT state, MIN(label) AS label FROM flow_state WHERE waits_for = ?"
		    " GROUP BY state ORDER BY MIN(ord)",
		    DB_ARGS(db_text(flow_role_names[q->p->session.role])), false);
	if (q->p->session.role == FLOW_CLERK)
		load_states(
			q,
			"SELECT s.state, MIN(s.label) AS label FROM flow_state s JOIN flow_transition t"
			" ON t.flow_version = s.flow_version AND t.from_state = s.state"
			" WHERE t.event = 'confirm_at_counter' AND s.waits_for = 'applicant'"
			" GROUP BY s.state",
			DB_NO_ARGS, true);
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
static void add_state(struct queue *q, const struct queue_state *s, const char *columns,
		      int64_t limit)
{
	const struct queue_filter *f = &q->filter;
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
					 " AND c.name_folded LIKE CONCAT(REPLACE(REPLACE(REPLACE(?,"
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

/* The one that was chosen; else all, those on request only in a search. */
static bool is_wanted(const struct queue *q, const struct queue_state *s)
{
	if (*q->filter.state)
		return !strcmp(q->filter.state, s->state);
	return !s->on_request || q->filter.search.len;
}

static void add_states(struct queue *q, const char *columns, int64_t limit)
{
	bool first = true;

	for (size_t i = 0; i < q->state_count; i++) {
		if (!is_wanted(q, &q->state[i]))
			continue;
		if (!first)
			add(q, " UNION ALL ");
		add_state(q, &q->state[i], columns, limit);
		first = false;
	}
}

static void forget(struct queue *q)
{
	buffer_reset(&q->sql);
	q->arg_count = 0;
}

struct db_result *queue_select(struct queue *q)
{
	struct db_result *rows;

	add(q, "SELECT q.public_id, c.name AS company, p.name AS project, q.state,"
	       " DATE_FORMAT(q.state_since" LAYOUT_MINUTE_SQL " AS since,"
	       " TIMESTAMPDIFF(SECOND, '1970-01-01', q.state_since) AS since_s,"
	       " TIMESTAMPDIFF(SECOND, '1970-01-01', UTC_TIMESTAMP()) AS now_s,"
	       " DATE_FORMAT(q.state_since, '%Y-%m-%dT%H:%i:%s.%f') AS since_exact, q.id FROM (");
	add_states(q, "a.id, a.public_id, a.project, a.state, a.state_since", QUEUE_PAGE_ROWS + 1);
	add(q,
	    ") q JOIN project p ON p.id = q.project LEFT JOIN company c ON c.application = q.id");
	add(q, q->filter.newest ? " ORDER BY q.state_since DESC, q.id DESC LIMIT ?" :
				  " ORDER BY q.state_since, q.id LIMIT ?");
	add_arg(q, db_int(QUEUE_PAGE_ROWS + 1));
	rows = db_select(q->p->db, buffer_text(&q->sql), (struct db_args){ q->arg, q->arg_count });
	forget(q);
	return rows;
}

bool queue_next(struct db_result *r, struct queue_row *row)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &row->id), DB_VIEW("public_id", &row->public_id),
				     DB_OR_NULL(DB_VIEW("company", &row->company)),
				     DB_VIEW("project", &row->project),
				     DB_VIEW("state", &row->state), DB_VIEW("since", &row->since),
				     DB_INT("since_s", &row->since_s), DB_INT("now_s", &row->now_s),
				     DB_VIEW("since_exact", &row->since_exact)));
}

int64_t queue_count(struct queue *q)
{
	struct queue_filter *f = &q->filter;
	char since[sizeof(f->since)];
	int64_t n;

	memcpy(since, f->since, sizeof(since));
	*f->since = '\0';
	add(q, "SELECT COUNT(*) FROM (");
	add_states(q, "1", QUEUE_COUNT_MAX + 1);
	add(q, ") q");
	n = db_number(q->p->db, buffer_text(&q->sql), (struct db_args){ q->arg, q->arg_count });
	forget(q);
	memcpy(f->since, since, sizeof(since));
	return n;
}
