/* fault.h: rows over which a worker ended: counted, put off, parked.
 *
 * A worker that dies of one row (a statement that the database refuses, a broken
 * file, SIGSEGV) must neither meet it again at once nor leave the rows behind it.
 * Jobs whose own tables have no column for that keep it in the table job_fault: a
 * row for each row of theirs that failed, with attempts, class and reason. They
 * put FAULT_FREE into the statement that takes a row, count with fault_count()
 * after a failure, and call fault_clear() when the row was done after all.
 * cron/guard.h tells them of the failure. */
#ifndef FAULT_FAULT_H
#define FAULT_FAULT_H

#include "db/db.h"

#define FAULT_PAUSE_FIRST_S 30 /* before the second attempt; doubles each time */
#define FAULT_PAUSE_MAX_S 3600
#define FAULT_ATTEMPTS_MAX 80 /* three days of trying, as in the outbox */

/* A condition: the row named by the SQL expression `item` may be taken by `job`,
 * a literal. Cheap while nothing failed, since job_fault is empty then. */
#define FAULT_FREE(job, item)                                                               \
	" NOT EXISTS (SELECT 1 FROM job_fault f WHERE f.job = '" job "' AND f.item = " item \
	" AND (f.parked_at IS NOT NULL OR f.due_at > UTC_TIMESTAMP(3)))"

/* One failure. The reason is ASCII without personal data. */
struct fault {
	const char *job; /* "poll.notice" */
	const char *item; /* the row's key, as text */
	const char *class; /* "fault", "signal", "unavailable" */
	const char *reason;
	int attempts_max; /* FAULT_ATTEMPTS_MAX, or fewer when people wait */
};

/* Counts it; whether the row is parked now. */
bool fault_count(struct db *, const struct fault *);
/* Seconds until the row may be taken again; 0 when now, or never. */
int fault_pause_s(struct db *, const char *job, const char *item);
/* Whether it may not be taken now: for jobs that go through a list. */
bool fault_holds(struct db *, const char *job, const char *item);
/* Whether any row of the job ever failed and was not done since. */
bool fault_any(struct db *, const char *job);
/* The row was done: nothing is counted any more. */
void fault_clear(struct db *, const char *job, const char *item);

/* Failures for the admin's page, parked ones first, at most `most`. Columns: job,
 * item, attempts, age_s, class, reason, parked (a flag). */
struct db_result *fault_list(struct db *, int most);

#endif
