/* lease.c: rows that a worker takes for a while. */
#include "lease/lease.h"

#include "db/row.h"

struct taking {
	const struct lease_kind *kind;
	struct db_args args;
	const char *worker;
	void *row;
	bool found;
};

static void hold(struct db *db, const struct taking *t, const struct lease *l)
{
	if (t->worker)
		db_exec(db, t->kind->hold,
			DB_ARGS(db_text(t->worker), db_int(l->tries), db_int(l->ms), l->key));
	else
		db_exec(db, t->kind->hold, DB_ARGS(db_int(l->tries), db_int(l->ms), l->key));
}

static bool take(struct db *db, void *context)
{
	struct taking *t = context;
	struct db_result *r = db_select(db, t->kind->find, t->args);
	struct lease lease;

	t->found = db_next(r);
	if (t->found) {
		t->kind->read(r, t->row, &lease);
		hold(db, t, &lease);
	}
	db_result_free(r);
	return t->found;
}

bool lease_take(struct db *db, const struct lease_kind *kind, struct db_args args,
		const char *worker, void *row)
{
	struct taking t = { .kind = kind, .args = args, .worker = worker, .row = row };

	return db_transaction(db, take, &t) == DB_DONE && t.found;
}

int lease_wait_s(struct db *db, const char *sql, int most)
{
	int64_t seconds;

	if (!db_one(db, sql, DB_NO_ARGS, DB_OUT(DB_INT("seconds", &seconds))))
		return most;
	return seconds < most ? (int)seconds : most;
}

int lease_pause_s(int first, int most, int tries)
{
	int pause = first;

	for (int i = 1; i < tries && pause < most; i++)
		pause *= 2;
	return pause < most ? pause : most;
}
