/* guard.h: one bad row ends one process, not the job.
 *
 * The work is done in a child. Before each row it says what it takes in hand; when
 * it ends over it, by die() or by a signal, a new child is started, which is told
 * what was in hand, counts the failure and goes on with the rows behind. A fork is
 * paid for each failure, none for a row. Catching die() where it happens would be
 * cheaper still, but leaves a transaction, memory and locks in an unknown state,
 * and catches no SIGSEGV; a child for each row would cost more than the row.
 *
 * The parent opens nothing and touches no data, so it has no reason to die. When
 * it is killed, so is the child. TERM is passed on to the child, which ends cleanly.
 * A child that ends with nothing in hand (the database is away) ends the job. */
#ifndef CRON_GUARD_H
#define CRON_GUARD_H

#include "base/base.h"

#define GUARD_STREAK_MAX 20 /* rows in a row that fail: then it is not the rows */

/* The row in hand; `job` is "" for none. */
struct guard_hand {
	char job[32]; /* "outbox", "poll.notice" */
	char item[65]; /* the row's key */
	char kind[33]; /* what more there is to know, may be "" */
	int attempt; /* if the row counts by itself */
	bool unavailable; /* the database or a service was away: not the row's fault */
	char class[16]; /* "fault", "signal", "unavailable", "exit" */
	char reason[128]; /* in ASCII: "signal 11", the words of die() */
};

/* Does all there is to do, and returns; `lost` is what ended the child before, to
 * be booked first, or NULL. Runs in the child. */
typedef void guard_fn(void *context, const struct guard_hand *lost);

/* Gives the exit status of the job. */
int guard_run(guard_fn *work, void *context);

/* In the child: a row is in hand from here on, until it is dropped or another is
 * taken. Without guard_run() they do nothing. */
void guard_take(const char *job, const char *item, const char *kind, int attempt);
void guard_take_id(const char *job, int64_t id);
void guard_drop(void);

#endif
