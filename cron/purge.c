/* purge.c: cron/purge: deletes sessions that have ended, log-ins that were begun, and
 * counts of failed log-ins and of uploads. Transactions are small, so that pages need
 * not wait; any number of machines may run it at once. */
#include "base/base.h"

#include "applicant/applicant.h"
#include "base/config.h"
#include "base/die.h"
#include "base/log.h"
#include "db/db.h"
#include "guard.h"
#include "page/page.h"
#include "staff/staff.h"

#define BATCH 500 /* rows of one transaction */

/* Rows are kept a day beyond their use, for inquiries. */
static const struct job {
	const char *table;
	/* Deletes at most so many rows; gives how many there were. */
	long (*purge)(struct db *, int most);
} jobs[] = {
	{ "session", session_purge },
	{ "login_state", applicant_login_purge },
	{ "login_failure", staff_purge_failures },
	{ "upload_try", page_purge_tries },
};

struct batch {
	const struct job *job;
	long gone;
};

static bool purge_work(struct db *db, void *context)
{
	struct batch *b = context;

	b->gone = b->job->purge(db, BATCH);
	return true;
}

static void purge(struct db *db, const struct job *job)
{
	struct batch b = { .job = job };
	long gone = 0;

	do {
		if (db_transaction(db, purge_work, &b) != DB_DONE)
			die("purge of %s was refused", job->table);
		gone += b.gone;
	} while (b.gone == BATCH);
	log_line(LOG_INFO, "purge.done", "table=%s rows=%ld", job->table, gone);
}

/* When purging one table ends the process, the next process goes on with the tables
 * after it. Each run tries that table again and logs the failure. */
static void purge_all(void *context, const struct guard_hand *lost)
{
	struct db *db = db_open(context, DB_CRON);
	bool behind = !lost;

	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		if (behind) {
			guard_take("cron/purge", jobs[i].table, "", 0);
			purge(db, &jobs[i]);
			guard_drop();
		}
		behind |= lost && !strcmp(lost->item, jobs[i].table);
	}
	db_close(db);
}

int main(void)
{
	struct config *config;
	int status;

	log_identify("cron/purge", "-");
	config = config_open();
	status = guard_run(purge_all, config);
	config_free(config);
	return status;
}
