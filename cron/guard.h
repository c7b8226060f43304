/* guard.h: one bad row ends one process, not the job.
 *
 * A child process does the work and names each row in shared memory before it begins
 * with it. When die() or a signal ends the child, the parent starts a new child, which
 * learns the name of that row, counts its failure and goes on with the rows after it.
 * Each failure costs a fork, a row costs none. Catching die() in the process would
 * be cheaper, but would leave a transaction, memory and locks in an unknown state and
 * would not catch SIGSEGV; a child for each row would cost more than the row.
 *
 * The parent opens nothing and touches no data, so it has no reason to die. When the
 * parent is killed, the child is killed too. The parent passes TERM on to the child,
 * which finishes its row. A child that ends without a row (the database is away) ends
 * the job. */
#ifndef CRON_GUARD_H
#define CRON_GUARD_H

#include "base/base.h"

#define GUARD_STREAK_MAX 20 /* failures in a row after which no row is to blame */

/* The row that the child works on; `job` is "" for none. */
struct guard_hand {
	char job[32]; /* "outbox", "poll.notice" */
	char item[65]; /* the row's key */
	char kind[33]; /* the kind of the row, or "" */
	int attempt; /* for rows that count their attempts themselves */
	bool unavailable; /* database or service away: the row is not at fault */
	char class[16]; /* "fault", "signal", "unavailable", "exit" */
	char reason[128]; /* ASCII: "signal 11", or the message of die() */
};

/* Runs in the child: handles all rows and returns. `lost` is the row that ended the
 * child before, whose failure is to be counted first, or NULL. */
typedef void guard_fn(void *context, const struct guard_hand *lost);

/* Runs `work` in children until one returns. Gives the exit status of the job. */
int guard_run(guard_fn *work, void *context);

/* In the child: guard_take() begins with a row, guard_drop() has finished it; taking
 * another row drops the one before. Without guard_run() they do nothing. */
void guard_take(const char *job, const char *item, const char *kind, int attempt);
void guard_take_id(const char *job, int64_t id);
void guard_drop(void);

#endif
