/* batch.c: goes through a list, some rows at a time. */
#include "batch.h"

#include "base/log.h"
#include "db/row.h"
#include "fault/fault.h"
#include "guard.h"

/* One process's part of a run. */
struct run {
	const struct batch *batch;
	struct config *config;
	struct db *db;
	bool failed; /* job_fault has a row of this job */
};

static const char *name_of(const struct batch *b)
{
	return b->stored ? b->stored : b->job;
}

static void batch_row(const struct run *run, int64_t id, struct db_result *row, long *rows)
{
	const struct batch *b = run->batch;
	char item[24];

	snprintf(item, sizeof(item), "%lld", (long long)id);
	if (run->failed && fault_holds(run->db, name_of(b), item))
		return;
	guard_take(name_of(b), item, "", 0);
	*rows += b->act(run->db, row);
	if (run->failed)
		fault_clear(run->db, name_of(b), item);
	guard_drop();
}

/* Gives the last id of the portion, 0 when there was none. */
static int64_t batch_portion(const struct run *run, int64_t after, long *rows)
{
	const struct batch *b = run->batch;
	struct db_result *r = b->list(run->db, after, b->rows);

	after = 0;
	while (db_next(r)) {
		db_row_part(r, DB_OUT(DB_INT("id", &after)));
		batch_row(run, after, r, rows);
	}
	db_result_free(r);
	return after;
}

static void batch_all(void *context, const struct guard_hand *lost)
{
	struct run *run = context;
	/* the lost process has done the rows before this one */
	int64_t after = lost ? strtoll(lost->item, NULL, 10) : 0;
	long rows = 0;

	run->db = db_open(run->config, DB_CRON);
	run->failed = fault_any(run->db, name_of(run->batch));
	if (lost) {
		run->failed = true;
		fault_count(run->db, &(struct fault){ .job = lost->job,
						      .item = lost->item,
						      .class = lost->class,
						      .reason = lost->reason,
						      .attempts_max = FAULT_ATTEMPTS_MAX });
	}
	do
		after = batch_portion(run, after, &rows);
	while (after);
	db_close(run->db);
	if (rows)
		log_line(LOG_INFO, run->batch->done, "rows=%ld", rows);
}

int batch_run(const struct batch *b)
{
	struct run run = { .batch = b };
	int status;

	log_identify(b->job, "-");
	run.config = config_open();
	status = guard_run(batch_all, &run);
	config_free(run.config);
	return status;
}
