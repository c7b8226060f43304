/* queue.h: which applications stand in the queue of a role, and in what order.
 *
 * The queue of a role holds the applications in the states that wait for it.
 * Pages go on behind the last row shown (keyset), so that rows that come and go
 * meanwhile make no gap and no double. Each waiting state is read along its index
 * and the short lists are merged, whatever the size of the table.
 *
 *	size_t n = case_states(db, FLOW_CLERK, state);
 *	struct db_result *rows = case_queue(db, state, n, &filter);
 *
 *	while (case_queue_next(rows, &row))
 *		...
 *	db_result_free(rows);
 *
 * Accounts: those that may read application, company and project. */
#ifndef CASE_QUEUE_H
#define CASE_QUEUE_H

#include "db/db.h"
#include "flow/flow.h"

#define CASE_PAGE_ROWS 50
#define CASE_COUNT_MAX 1000
#define CASE_STATES_MAX 8
#define CASE_SEARCH_MAX 100 /* characters */

struct case_state {
	char state[FLOW_STATE_MAX + 1], label[241]; /* bytes */
	/* It waits for the applicant and is listed only when chosen or searched for. */
	bool on_request;
};

/* The states that wait for the role; for a clerk also those in which an applicant
 * may come in person. Gives how many. */
size_t case_states(struct db *, enum flow_role, struct case_state out[CASE_STATES_MAX]);

/* What the list is narrowed to; zeroed it is the whole queue. */
struct case_filter {
	int64_t project; /* id; 0: all */
	const char *state; /* one of the states; NULL or "": all that wait */
	/* The beginning of a company's folded name (utf8_fold()), or a credit code;
	 * NULL or "": all. */
	const char *search;
	bool newest; /* first; else those that wait longest */
	char since[24]; /* the list goes on behind this time and id; "": from its start */
	int64_t after_id;
};

/* Reads where a list goes on, as case_after() wrote it; anything else leaves the
 * filter as it is. NULL is fine. */
void case_read_after(const char *text, struct case_filter *);

/* One application of the list; the texts belong to the result. */
struct case_row {
	int64_t id;
	const char *public_id, *company, *project, *state; /* company: "" if not named yet */
	const char *since, *since_exact; /* in words; to the microsecond */
	int64_t since_s, now_s; /* Unix seconds */
};

#define CASE_AFTER_SIZE 48
/* The place behind a row: "2026-11-23T03:58:30.123_42". */
void case_after(const struct case_row *, char out[CASE_AFTER_SIZE]);

/* CASE_PAGE_ROWS and one row more, read with case_queue_next(). */
struct db_result *case_queue(struct db *, const struct case_state *, size_t count,
			     const struct case_filter *);
bool case_queue_next(struct db_result *, struct case_row *);
/* How many the filter leaves in all, wherever the list goes on, counted no further
 * than CASE_COUNT_MAX + 1. */
int64_t case_queue_count(struct db *, const struct case_state *, size_t count,
			 const struct case_filter *);

#endif
