/* worker.h: a job that works for a while.
 *
 * Cron starts it each minute, on any number of machines. It handles rows until none is
 * due, looks again each second, and ends when its time is over; TERM ends it after the
 * current row. It runs under guard.h: a row that ends the process is counted as failed,
 * and the work goes on. */
#ifndef CRON_WORKER_H
#define CRON_WORKER_H

#include "guard.h"

struct worker {
	/* Open and close connections, in the child. */
	void (*open)(void *context);
	void (*close)(void *context);
	/* Counts the failure that ended the process before this one. */
	void (*lost)(void *context, const struct guard_hand *);
	/* Handles one row that is due; false when none is. */
	bool (*work)(void *context);
	/* Seconds until something may be due, 0 for now: a cheap look before `work`
	 * is asked again. NULL: it is asked each second. */
	int (*wait_s)(void *context);
	/* Called at the beginning and every upkeep_s seconds; may be NULL. */
	void (*upkeep)(void *context);
	int upkeep_s;
	void *context;
};

/* Reads the arguments of `job` ("cron/outbox"): how many seconds it works (55
 * without one, at the most an hour), 0 for until nothing is due. Prepares log
 * and signals. -1 for arguments of another kind, after a word on standard error. */
long worker_begin(const char *job, int argc, char **argv);
/* Gives the exit status. */
int worker_run(const struct worker *, long seconds);
/* TERM has come: begin nothing more. */
bool worker_is_over(void);

#endif
