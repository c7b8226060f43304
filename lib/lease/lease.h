/* lease.h: rows that a worker takes for a while.
 *
 * A table of such rows has a column with the time at which a row is due, and one that
 * counts how often it was taken. A worker takes the row that has been due longest,
 * FOR UPDATE SKIP LOCKED, counts it, moves its time to the end of a lease and commits
 * before it does anything outside: so any number of workers on any number of machines
 * share the work, and a row whose worker died becomes due by itself. On a Galera
 * cluster two nodes may take one row; the commit of the second fails as a deadlock and
 * db_transaction() tries again.
 *
 * A kind is a row of data in the room of its table:
 *
 *	static const struct lease_kind order = {
 *		.find = LEASE_FIND("SELECT id, asks + 1 AS asks FROM payment", "ask_at",
 *				   " AND state = 'open'"),
 *		.hold = LEASE_HOLD("UPDATE payment SET asks", "ask_at", " WHERE id = ?"),
 *		.read = read_order,
 *	};
 *
 * The index that serves it begins with the column of the time, or has before it what
 * the condition compares with constants. */
#ifndef LEASE_LEASE_H
#define LEASE_LEASE_H

#include "db/db.h"

/* `select`: the columns and FROM, without WHERE; `due`: the column; `condition`: what
 * else must hold, each with AND in front. */
#define LEASE_FIND(select, due, condition)                                     \
	select " WHERE " due " <= UTC_TIMESTAMP(3)" condition " ORDER BY " due \
	       " LIMIT 1 FOR UPDATE SKIP LOCKED"
/* `update`: up to the column that counts; `where`: by the primary key. */
#define LEASE_HOLD(update, due, where) \
	update " = ?, " due " = UTC_TIMESTAMP(3) + INTERVAL ? * 1000 MICROSECOND" where
/* For lease_wait_s(); `rest`: FROM, and WHERE without the time. */
#define LEASE_WAIT(due, rest)                                                                \
	"SELECT CAST(GREATEST(0, CEIL(TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), " due ")" \
	" / 1000000)) AS SIGNED) AS seconds" rest " ORDER BY " due " LIMIT 1"

/* What is written with the row that was found. */
struct lease {
	int tries; /* how often it was taken, this time included */
	int64_t ms; /* how long it is this worker's */
	struct db_arg key; /* its primary key; bytes belong to the row */
};

struct lease_kind {
	const char *find; /* LEASE_FIND() */
	/* LEASE_HOLD(). Where it begins with `claimed_by = ?`, lease_take() is given a
	 * worker. */
	const char *hold;
	/* Reads the row where the result stands into the caller's, and says how it is
	 * held. It may be called again when the transaction is repeated. */
	void (*read)(struct db_result *, void *row, struct lease *);
};

/* The row of a kind that has been due longest becomes this worker's; false when none is
 * due. `args`: of the find statement. `worker`: its name, or NULL for a kind that keeps
 * none. In a transaction of its own. */
bool lease_take(struct db *, const struct lease_kind *, struct db_args args, const char *worker,
		void *row) MUST_USE;

/* Seconds until a row falls due, at most `most`; 0 when one is due. Cheap. */
int lease_wait_s(struct db *, const char *sql, int most);

/* Seconds before the next try: `first` after the first one, doubled after each more, at
 * most `most`. */
int lease_pause_s(int first, int most, int tries);

#endif
