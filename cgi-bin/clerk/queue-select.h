/* queue-select.h: which applications stand in the queue, and in what order.
 *
 * Pages go on behind the last row shown (keyset), so that rows that come and
 * go meanwhile make no gap and no double. Each waiting state is read along its
 * index and the short lists are merged, whatever the size of the table. */
#ifndef CLERK_QUEUE_SELECT_H
#define CLERK_QUEUE_SELECT_H

#include "page/page.h"

#define QUEUE_PAGE_ROWS 50
#define QUEUE_COUNT_MAX 1000
#define QUEUE_STATES_MAX 8
#define QUEUE_ARGS_MAX 80

/* What the clerk asked for, from the query. */
struct queue_filter {
	const char *project; /* code; "" for all */
	const char *state; /* "" for all that wait for the role */
	struct buffer search;
	bool newest;
	char since[24]; /* behind this row; "" at the start */
	int64_t after_id;
};

struct queue_state {
	char state[FLOW_STATE_MAX + 1], label[241]; /* bytes */
	bool on_request; /* waits for somebody else: only when chosen or searched for */
};

struct queue {
	struct page *p;
	struct queue_filter filter;
	struct queue_state state[QUEUE_STATES_MAX];
	size_t state_count;
	int64_t project; /* id; 0: all */
	struct buffer sql;
	struct db_arg arg[QUEUE_ARGS_MAX];
	size_t arg_count;
};

/* The query's filter; a project is known once queue.project is set. */
void queue_read_filter(struct queue *);
/* The states that wait for this role, and for a clerk those in which somebody
 * may come to the counter. */
void queue_load_states(struct queue *);
/* One application of the list; the texts belong to the result. */
struct queue_row {
	int64_t id;
	const char *public_id, *company, *project, *state; /* company: "" if not named yet */
	const char *since, *since_exact; /* in words; to the microsecond */
	int64_t since_s, now_s; /* Unix seconds */
};

/* One page and one row more, read with queue_next(). */
struct db_result *queue_select(struct queue *);
bool queue_next(struct db_result *, struct queue_row *);
/* How many wait in all, counted no further than QUEUE_COUNT_MAX + 1. */
int64_t queue_count(struct queue *);

#endif
