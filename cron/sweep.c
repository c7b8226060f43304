/* sweep.c: goes through many rows in batches. */
#include "sweep.h"

#include "base/log.h"
#include "db/row.h"
#include "fault/fault.h"
#include "guard.h"

/* One process's part of a run. */
struct run {
	const struct sweep *sweep;
	struct config *config;
	struct db *db;
	bool failed; /* some row of the job ended a process once */
};

static void sweep_row(const struct run *run, int64_t id, struct db_result *row, long *rows)
{
	const struct sweep *s = run->sweep;
	char item[24];

	snprintf(item, sizeof(item), "%lld", (long long)id);
	if (run->failed && fault_holds(run->db, s->job, item))
		return;
	guard_take(s->job, item, "", 0);
	*rows += s->act(run->db, row);
	if (run->failed)
		fault_clear(run->db, s->job, item);
	guard_drop();
}

/* Gives the last id of the batch, 0 when there was none. */
static int64_t sweep_batch(const struct run *run, int64_t after, long *rows)
{
	const struct sweep *s = run->sweep;
	struct db_result *r = s->list(run->db, after, s->batch);

	after = 0;
	while (db_next(r)) {
		db_row_part(r, DB_OUT(DB_INT("id", &after)));
		sweep_row(run, after, r, rows);
	}
	db_result_free(r);
	return after;
}

static void sweep_all(void *context, const struct guard_hand *lost)
{
	struct run *run = context;
	/* the rows before it were done by the process before this one */
	int64_t after = lost ? strtoll(lost->item, NULL, 10) : 0;
	long rows = 0;

	run->db = db_open(run->config, DB_CRON);
	run->failed = fault_any(run->db, run->sweep->job);
	if (lost) {
		run->failed = true;
		fault_count(run->db, &(struct fault){ .job = lost->job,
						      .item = lost->item,
						      .class = lost->class,
						      .reason = lost->reason,
						      .attempts_max = FAULT_ATTEMPTS_MAX });
	}
	do
		after = sweep_batch(run, after, &rows);
	while (after);
	db_close(run->db);
	if (rows)
		log_line(LOG_INFO, run->sweep->done, "rows=%ld", rows);
}

int sweep_run(const struct sweep *s)
{
	struct run run = { .sweep = s };
	int status;

	log_identify(s->job, "-");
	run.config = config_open();
	status = guard_run(sweep_all, &run);
	config_free(run.config);
	return status;
}
