/* sweep.c: goes through many rows in batches. */
#include "sweep.h"

#include "base/log.h"

/* Gives the last id of the batch, 0 when there was none. */
static int64_t sweep_batch(const struct sweep *s, struct db *db, int64_t after, long *rows)
{
	struct db_result *r = db_select(db, s->sql, DB_ARGS(db_int(after), db_int(s->batch)));

	after = 0;
	while (db_next(r)) {
		after = db_int_at(r, 0);
		*rows += s->act(db, r);
	}
	db_result_free(r);
	return after;
}

int sweep_run(const struct sweep *s)
{
	struct config *config;
	struct db *db;
	int64_t after = 0;
	long rows = 0;

	log_identify(s->job, "-");
	config = config_open();
	db = db_open(config, DB_CRON);
	do
		after = sweep_batch(s, db, after, &rows);
	while (after);
	db_close(db);
	config_free(config);
	if (rows)
		log_line(LOG_INFO, s->done, "rows=%ld", rows);
	return 0;
}
