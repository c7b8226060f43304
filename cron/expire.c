/* expire.c: what happens when a deadline has passed: an application expires, is
 * taken as received, or somebody is told (the rows of role cron in
 * schema/flow.sql whose guard is about being overdue). */
#include "base/base.h"

#include "base/log.h"
#include "flow/flow.h"

#define BATCH 200

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

/* One batch in the order of ids; gives the last id, 0 when there are no more.
 * The version in the key makes two machines' runs one step. */
static int64_t run_batch(struct db *db, int64_t after, long *moved)
{
	struct db_result *r = db_select(
		db,
		"SELECT DISTINCT a.id, t.event, a.version FROM application a"
		" JOIN flow_transition t ON t.flow_version = a.flow_version"
		"  AND t.from_state = a.state AND t.role = 'cron' AND t.guard LIKE 'overdue%'"
		" WHERE a.deadline_at <= UTC_TIMESTAMP(3) AND a.id > ? ORDER BY a.id LIMIT ?",
		DB_ARGS(db_int(after), db_int(BATCH)));

	after = 0;
	while (db_next(r)) {
		struct step s = { .application = db_int_at(r, 0) };

		snprintf(s.event, sizeof(s.event), "%s", db_text_at(r, 1));
		snprintf(s.key, sizeof(s.key), "%s-%lld", s.event, (long long)db_int_at(r, 2));
		db_transaction(db, take_step, &s);
		if (s.result == FLOW_MOVED)
			++*moved;
		after = s.application;
	}
	db_result_free(r);
	return after;
}

int main(void)
{
	int64_t after = 0;
	long moved = 0;

	log_identify("cron/expire", "-");
	struct db *db = db_open(config_open(), DB_CRON);

	do
		after = run_batch(db, after, &moved);
	while (after);
	db_close(db);
	if (moved)
		log_line(LOG_INFO, "expire.done", "moved=%ld", moved);
	return 0;
}
