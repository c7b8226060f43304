/* expire.c: what happens when a deadline has passed: an application expires, is
 * taken as received, or somebody is told (the rows of role cron in
 * schema/flow.sql whose guard is about being overdue). */
#include "sweep.h"

#include "db/row.h"
#include "flow/flow.h"

struct step {
	int64_t application;
	char event[FLOW_EVENT_MAX + 1];
	char key[64];
	enum flow_result result;
};

static bool take_step(struct db *db, void *context)
{
	struct step *s = context;
	const struct flow_move move = {
		.application = s->application,
		.role = FLOW_CRON,
		.event = s->event,
		.key = s->key,
	};
	struct flow_outcome outcome;

	s->result = flow_advance(db, &move, &outcome);
	return s->result == FLOW_MOVED;
}

/* The version in the key makes two machines' runs one step. */
static bool step(struct db *db, struct db_result *row)
{
	struct step s;
	int64_t version;

	db_row(row, DB_OUT(DB_INT("id", &s.application), DB_TEXT("event", s.event),
			   DB_INT("version", &version)));
	snprintf(s.key, sizeof(s.key), "%s-%lld", s.event, (long long)version);
	db_transaction(db, take_step, &s);
	return s.result == FLOW_MOVED;
}

int main(void)
{
	return sweep_run(&(struct sweep){
		.job = "cron/expire",
		.done = "expire.done",
		.sql = "SELECT DISTINCT a.id, t.event, a.version FROM application a"
		       " JOIN flow_transition t ON t.flow_version = a.flow_version"
		       "  AND t.from_state = a.state AND t.role = 'cron'"
		       "  AND t.guard LIKE 'overdue%'"
		       " WHERE a.deadline_at <= UTC_TIMESTAMP(3) AND a.id > ?"
		       " ORDER BY a.id LIMIT ?",
		.batch = 200,
		.act = step,
	});
}
