/* queue.c: which applications stand in the queue, and in what order. */
#include "case/queue.h"

#include <ctype.h>

#include "db/row.h"

#define ARGS_MAX 80

/* A statement under way. */
struct query {
	const struct case_state *state;
	size_t state_count;
	const struct case_filter *filter;
	struct buffer sql;
	struct db_arg arg[ARGS_MAX];
	size_t arg_count;
};

void case_read_after(const char *text, struct case_filter *f)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd.ddd";
	size_t n = sizeof(shape) - 1;
	int64_t id;
	char *end;

	if (!text || strlen(text) <= n || text[n] != '_' || !isdigit((unsigned char)text[n + 1]))
		return;
	for (size_t i = 0; i < n; i++)
		if (shape[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i])
			return;
	id = strtoll(text + n + 1, &end, 10);
	if (*end)
		return;
	f->after_id = id;
	memcpy(f->since, text, n);
	f->since[10] = ' ';
	f->since[n] = '\0';
}

void case_after(const struct case_row *row, char out[CASE_AFTER_SIZE])
{
	snprintf(out, CASE_AFTER_SIZE, "%.23s_%lld", row->since_exact, (long long)row->id);
}

static size_t load_states(struct db *db, const char *sql, struct db_args args, bool on_request,
			  struct case_state *out, size_t room)
{
	struct db_result *rows = db_select(db, sql, args);
	struct case_state s = { .on_request = on_request };
	size_t n = 0;

	while (n < room &&
	       db_next_row(rows, DB_OUT(DB_TEXT("state", s.state), DB_TEXT("label", s.label))))
		out[n++] = s;
	db_result_free(rows);
	return n;
}

size_t case_states(struct db *db, enum flow_role role, struct case_state out[CASE_STATES_MAX])
{
	size_t n =
		load_states(db,
			    "SELECT state, MIN(label) AS label FROM flow_state WHERE waits_for = ?"
			    " GROUP BY state ORDER BY MIN(ord)",
			    DB_ARGS(db_text(flow_role_names[role])), false, out, CASE_STATES_MAX);

	if (role == FLOW_CLERK)
		n += load_states(
			db,
			"SELECT s.state, MIN(s.label) AS label FROM flow_state s JOIN flow_transition t"
			" ON t.flow_version = s.flow_version AND t.from_state = s.state"
			" WHERE t.event = 'confirm_at_counter' AND s.waits_for = 'applicant'"
			" GROUP BY s.state",
			DB_NO_ARGS, true, out + n, CASE_STATES_MAX - n);
	return n;
}

static void add(struct query *q, const char *sql)
{
	buffer_puts(&q->sql, sql);
}

static void add_arg(struct query *q, struct db_arg arg)
{
	q->arg[q->arg_count++] = arg;
}

static bool searches(const struct case_filter *f)
{
	return f->search && *f->search;
}

/* Whether the text is shaped like a credit code, so is not a name. */
static bool is_code(const char *text)
{
	return strlen(text) == 18 &&
	       strspn(text, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == 18;
}

static void add_search(struct query *q, const char *search)
{
	add(q, is_code(search) ? " AND c.uscc = UPPER(?)" :
				 " AND c.name_folded LIKE CONCAT(REPLACE(REPLACE(REPLACE(?,"
				 " '|', '||'), '%', '|%'), '_', '|_'), '%') ESCAPE '|'");
	add_arg(q, db_text(search));
}

/* The applications of one state, as far as they can be on this page. */
static void add_state(struct query *q, const struct case_state *s, const char *columns,
		      const char *since, int64_t limit)
{
	const struct case_filter *f = q->filter;

	add(q, "(SELECT ");
	add(q, columns);
	add(q, searches(f) ? " FROM company c JOIN application a ON a.id = c.application" :
			     " FROM application a");
	add(q, " WHERE a.state = ?");
	add_arg(q, db_text(s->state));
	if (f->project) {
		add(q, " AND a.project = ?");
		add_arg(q, db_int(f->project));
	}
	if (searches(f))
		add_search(q, f->search);
	if (*since) {
		add(q, f->newest ? " AND a.state_since <= ? AND (a.state_since < ? OR a.id < ?)" :
				   " AND a.state_since >= ? AND (a.state_since > ? OR a.id > ?)");
		add_arg(q, db_text(since));
		add_arg(q, db_text(since));
		add_arg(q, db_int(f->after_id));
	}
	add(q, f->newest ? " ORDER BY a.state_since DESC, a.id DESC LIMIT ?)" :
			   " ORDER BY a.state_since, a.id LIMIT ?)");
	add_arg(q, db_int(limit));
}

/* The one that was chosen; else all, those on request only in a search. */
static bool is_wanted(const struct query *q, const struct case_state *s)
{
	const struct case_filter *f = q->filter;

	if (f->state && *f->state)
		return !strcmp(f->state, s->state);
	return !s->on_request || searches(f);
}

static void add_states(struct query *q, const char *columns, const char *since, int64_t limit)
{
	bool first = true;

	for (size_t i = 0; i < q->state_count; i++) {
		if (!is_wanted(q, &q->state[i]))
			continue;
		if (!first)
			add(q, " UNION ALL ");
		add_state(q, &q->state[i], columns, since, limit);
		first = false;
	}
}

struct db_result *case_queue(struct db *db, const struct case_state *state, size_t count,
			     const struct case_filter *f)
{
	struct query q = { .state = state, .state_count = count, .filter = f };
	struct db_result *rows;

	add(&q,
	    "SELECT q.public_id, c.name AS company, p.name AS project, q.state,"
	    " " DB_MINUTE(
		    "q.state_since") " AS since,"
				     " TIMESTAMPDIFF(SECOND, '1970-01-01', q.state_since) AS since_s,"
				     " TIMESTAMPDIFF(SECOND, '1970-01-01', UTC_TIMESTAMP()) AS now_s,"
				     " DATE_FORMAT(q.state_since, '%Y-%m-%dT%H:%i:%s.%f') AS since_exact, q.id FROM (");
	add_states(&q, "a.id, a.public_id, a.project, a.state, a.state_since", f->since,
		   CASE_PAGE_ROWS + 1);
	add(&q,
	    ") q JOIN project p ON p.id = q.project LEFT JOIN company c ON c.application = q.id");
	add(&q, f->newest ? " ORDER BY q.state_since DESC, q.id DESC LIMIT ?" :
			    " ORDER BY q.state_since, q.id LIMIT ?");
	add_arg(&q, db_int(CASE_PAGE_ROWS + 1));
	rows = db_select(db, buffer_text(&q.sql), (struct db_args){ q.arg, q.arg_count });
	buffer_release(&q.sql);
	return rows;
}

bool case_queue_next(struct db_result *r, struct case_row *row)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &row->id), DB_VIEW("public_id", &row->public_id),
				     DB_OR_NULL(DB_VIEW("company", &row->company)),
				     DB_VIEW("project", &row->project),
				     DB_VIEW("state", &row->state), DB_VIEW("since", &row->since),
				     DB_INT("since_s", &row->since_s), DB_INT("now_s", &row->now_s),
				     DB_VIEW("since_exact", &row->since_exact)));
}

int64_t case_queue_count(struct db *db, const struct case_state *state, size_t count,
			 const struct case_filter *f)
{
	struct query q = { .state = state, .state_count = count, .filter = f };
	int64_t n;

	add(&q, "SELECT COUNT(*) FROM (");
	add_states(&q, "1", "", CASE_COUNT_MAX + 1);
	add(&q, ") q");
	n = db_number(db, buffer_text(&q.sql), (struct db_args){ q.arg, q.arg_count });
	buffer_release(&q.sql);
	return n;
}
