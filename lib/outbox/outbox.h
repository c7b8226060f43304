/* outbox.h: what is promised to the outside world is done, at least once.
 *
 * A row of the table outbox is a promise. It is written in the transaction of
 * the event that causes it (flow_advance writes the effect of a transition) or
 * by outbox_add(). Workers, any number on any number of machines, each do this
 * until nothing is due:
 *
 *     while (outbox_claim(db, worker, &row)) {
 *             result = deliver(&row, &report);
 *             outbox_settle(db, &row, result, &report);
 *             outbox_release(&row);
 *     }
 *
 * Claiming takes the row that has been due longest, FOR UPDATE SKIP LOCKED, and
 * commits before anything is sent: that is the intent, written first. While a
 * worker has a row, due_at is the end of its lease, so a row whose worker died
 * becomes due by itself; it comes with `again` set, because the service may
 * have seen it: the service is asked, or told the same key once more. On a
 * Galera cluster two nodes may claim one row; the commit of the second fails
 * as a deadlock and db_transaction() tries again, before it has sent anything.
 *
 * A worker that is so slow that its lease ran out settles nothing: the row is
 * then another's. OUTBOX_LEASE_S stands above all time-outs of one delivery.
 *
 * What becomes of a row is a table in settle.c, by the seven classes of
 * service/result.h: done; again after a pause; parked until an admin decides. */
#ifndef OUTBOX_OUTBOX_H
#define OUTBOX_OUTBOX_H

#include "db/db.h"
#include "service/result.h"

#define OUTBOX_LEASE_S 120
#define OUTBOX_PAUSE_FIRST_S 10 /* before the second attempt; doubles each time */
#define OUTBOX_PAUSE_MAX_S 3600
#define OUTBOX_ATTEMPTS_MAX 80 /* three days of trying, then it is parked */
#define OUTBOX_LATE_S 600 /* not done after so long: an admin should look */
#define OUTBOX_WORKER_MAX 64
#define OUTBOX_KEY_MAX 100

/* A claimed row. The texts belong to it. */
struct outbox_row {
	int64_t id, application, event; /* the last two: 0 if none */
	char *kind, *key, *payload; /* payload: a JSON object without personal data */
	int attempt; /* 1 at first */
	bool again; /* an earlier attempt may have reached the service */
	int64_t lease_ms; /* how long it is this worker's */
	const char *worker;
};

/* Name of this worker in claimed_by: machine, process and a random part. */
void outbox_worker_name(char out[OUTBOX_WORKER_MAX + 1]);
/* The row that has been due longest becomes this worker's; false when nothing
 * is due. `worker` must outlive the row. */
bool outbox_claim(struct db *, const char *worker, struct outbox_row *) MUST_USE;
/* Writes down what came of it. False when the lease had run out. */
bool outbox_settle(struct db *, const struct outbox_row *, enum service_result,
		   const struct service_report *);
void outbox_release(struct outbox_row *);
/* Seconds until a row falls due, at most `most`; 0 when one is due. Cheap. */
int outbox_wait_s(struct db *, int most);

/* Milliseconds before the next attempt: 10 s · 2^(attempt - 1), at most an
 * hour, of which a random half is taken off; `random` is any number. */
int64_t outbox_pause_ms(int attempt, uint32_t random);

/* Promises something, within the caller's transaction if there is one. `key` is
 * unique among all rows: the same key again does nothing. application 0: none;
 * payload NULL: {}. False when the key was there. An account may add the kinds
 * that outbox_part gives it (schema/grants.sql), others are a die(). */
bool outbox_add(struct db *, const char *kind, int64_t application, const char *key,
		const char *payload);

/* What an admin decides about a row that is parked or late. */
enum outbox_act {
	OUTBOX_RETRY, /* at once, as if for the first time */
	OUTBOX_GIVE_UP, /* never; the reason stays in table act */
	OUTBOX_ACT_COUNT,
};
extern const char *const outbox_act_names[OUTBOX_ACT_COUNT];

enum outbox_decision {
	OUTBOX_DECIDED,
	OUTBOX_REPEATED, /* this key was there: nothing done, all is well */
	OUTBOX_NOT_OPEN, /* done, given up, in a worker's hands, or no such row */
	OUTBOX_NOT_ALLOWED, /* not an active admin */
	OUTBOX_DECISION_COUNT,
};
/* One decision with its row of table act, by the admin whose session the token is.
 * `key`: the form's idempotency key. */
enum outbox_decision outbox_decide(struct db *, int64_t id, const char *token, enum outbox_act,
				   const char *reason, const char *key);

/* Figures for whoever watches. */
struct outbox_figures {
	int64_t waiting; /* neither done nor parked */
	int64_t oldest_s; /* age of the oldest of these; 0 if none */
	int64_t late; /* of these, older than OUTBOX_LATE_S */
	int64_t parked; /* and not given up */
	int64_t done_hour; /* done in the last hour */
};
void outbox_figures(struct db *, struct outbox_figures *);

/* Parked and late rows, the oldest first, at most `most`. Columns: id, kind, age_s,
 * attempts, error_class and error (or NULL), parked (a flag), public_id of the
 * application (or NULL), in_work (a flag: a worker has it). */
struct db_result *outbox_troubled(struct db *, int most);

#endif
