/* claim.c: takes rows that are due, and adds new ones. */
#include "outbox/outbox.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"

/* One row, by the index `due`; rows that other workers are taking are passed. */
static const char find_sql[] =
	"SELECT id, kind, idempotency_key, payload, COALESCE(application, 0),"
	" COALESCE(event, 0), attempts, claimed_by IS NOT NULL,"
	" COALESCE(error_class IN ('unknown', 'fault'), FALSE)"
	" FROM outbox WHERE done_at IS NULL AND parked_at IS NULL"
	" AND due_at <= UTC_TIMESTAMP(3) ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED";

static const char take_sql[] =
	"UPDATE outbox SET claimed_by = ?, attempts = ?,"
	" due_at = UTC_TIMESTAMP(3) + INTERVAL ? * 1000 MICROSECOND WHERE id = ?";

struct claim {
	const char *worker;
	struct outbox_row *row;
	bool found;
};

void outbox_worker_name(char out[OUTBOX_WORKER_MAX + 1])
{
	char machine[32] = "", random[PUBLIC_ID_SIZE];

	gethostname(machine, sizeof(machine) - 1);
	for (char *c = machine; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == ':')
			*c = '?';
	random_public_id(random);
	snprintf(out, OUTBOX_WORKER_MAX + 1, "%s:%ld:%.8s", machine, (long)getpid(), random);
}

static void read_row(const struct db_result *r, struct outbox_row *row)
{
	bool died = db_int_at(r, 7) != 0;

	row->id = db_int_at(r, 0);
	row->kind = xstrdup(db_text_at(r, 1));
	row->key = xstrdup(db_text_at(r, 2));
	row->payload = xstrdup(db_text_at(r, 3));
	row->application = db_int_at(r, 4);
	row->event = db_int_at(r, 5);
	row->attempt = (int)db_int_at(r, 6) + 1;
	row->again = died || db_int_at(r, 8) != 0;
	/* Back off rows whose last worker crashed and could book nothing. */
	row->lease_ms = OUTBOX_LEASE_S * 1000;
	if (died)
		row->lease_ms += outbox_pause_ms(row->attempt, 0);
}

static bool take(struct db *db, void *context)
{
	struct claim *c = context;
	struct outbox_row *row = c->row;
	struct db_result *r = db_select(db, find_sql, DB_NO_ARGS);

	outbox_release(row); /* of a try before this one */
	c->found = db_next(r);
	if (c->found)
		read_row(r, row);
	db_result_free(r);
	if (!c->found)
		return false;
	db_exec(db, take_sql,
		DB_ARGS(db_text(c->worker), db_int(row->attempt), db_int(row->lease_ms),
			db_int(row->id)));
	return true;
}

bool outbox_claim(struct db *db, const char *worker, struct outbox_row *row)
{
	struct claim c = { .worker = worker, .row = row };

	*row = (struct outbox_row){ 0 };
	if (db_transaction(db, take, &c) != DB_DONE)
		return false;
	row->worker = worker;
	return true;
}

void outbox_release(struct outbox_row *row)
{
	free(row->kind);
	free(row->key);
	free(row->payload);
	*row = (struct outbox_row){ 0 };
}

int outbox_wait_s(struct db *db, int most)
{
	struct db_result *r =
		db_select(db,
			  "SELECT GREATEST(0, CEIL(TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3),"
			  " due_at) / 1000000)) FROM outbox WHERE done_at IS NULL"
			  " AND parked_at IS NULL ORDER BY due_at LIMIT 1",
			  DB_NO_ARGS);
	int64_t seconds = db_next(r) ? db_int_at(r, 0) : most;

	db_result_free(r);
	return seconds < most ? (int)seconds : most;
}

bool outbox_add(struct db *db, const char *kind, int64_t application, const char *key,
		const char *payload)
{
	struct db_result *r = db_select(db, "CALL outbox_add(?, ?, ?, ?)",
					DB_ARGS(db_text(kind),
						application ? db_int(application) : db_null(),
						db_text(key), db_text(payload)));
	bool added = db_next(r) && !strcmp(db_text_at(r, 0), "added");

	db_result_free(r);
	return added;
}
