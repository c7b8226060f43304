/* expire.c: moves applications whose deadline has passed: they expire, count as
 * received, or the desk is told (rows of role cron in schema/flow.sql whose guard is
 * about being overdue). */
#include "batch.h"

#include "case/due.h"

struct step {
	struct case_overdue overdue;
	char key[64];
	enum flow_result result;
};

static bool take_step(struct db *db, void *context)
{
	struct step *s = context;
	const struct flow_move move = {
		.application = s->overdue.id,
		.role = FLOW_CRON,
		.event = s->overdue.event,
		.key = s->key,
	};
	struct flow_outcome outcome;

	s->result = flow_advance(db, &move, &outcome);
	return s->result == FLOW_MOVED;
}

/* The idempotency key holds the version: of two machines only one moves the row. */
static bool step(struct db *db, struct db_result *row)
{
	struct step s;

	case_overdue_row(row, &s.overdue);
	snprintf(s.key, sizeof(s.key), "%s-%lld", s.overdue.event, (long long)s.overdue.version);
	db_transaction(db, take_step, &s);
	return s.result == FLOW_MOVED;
}

int main(void)
{
	return batch_run(&(struct batch){
		.job = "cron/expire",
		.done = "expire.done",
		.list = case_overdue,
		.rows = 200,
		.act = step,
	});
}
