/* claim.c: takes rows that are due, and adds new ones. */
#include "outbox/outbox.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "db/row.h"

/* One row, by the index `due`; rows that other workers are taking are passed. */
static const char find_sql[] =
	"SELECT id, kind, idempotency_key, payload, application, event,"
	" attempts + 1 AS attempt, claimed_by IS NOT NULL AS died,"
	" COALESCE(error_class IN ('unknown', 'fault'), FALSE) AS failed"
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

static bool find(struct db *db, struct outbox_row *row)
{
	bool died, failed;

	if (!db_one(db, find_sql, DB_NO_ARGS,
		    DB_OUT(DB_INT("id", &row->id), DB_STRING("kind", &row->kind),
			   DB_STRING("idempotency_key", &row->key),
			   DB_STRING("payload", &row->payload),
			   DB_OR_NULL(DB_INT("application", &row->application)),
			   DB_OR_NULL(DB_INT("event", &row->event)),
			   DB_INT("attempt", &row->attempt), DB_FLAG("died", &died),
			   DB_FLAG("failed", &failed))))
		return false;
	row->again = died || failed;
	/* Back off rows whose last worker crashed and could book nothing. */
	row->lease_ms = OUTBOX_LEASE_S * 1000;
	if (died)
		row->lease_ms += outbox_pause_ms(row->attempt, 0);
	return true;
}

static bool take(struct db *db, void *context)
{
	struct claim *c = context;
	struct outbox_row *row = c->row;

	outbox_release(row); /* of a try before this one */
	c->found = find(db, row);
	if (c->found)
		db_exec(db, take_sql,
			DB_ARGS(db_text(c->worker), db_int(row->attempt), db_int(row->lease_ms),
				db_int(row->id)));
	return c->found;
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
	int64_t seconds;

	if (!db_one(db,
		    "SELECT CAST(GREATEST(0, CEIL(TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3),"
		    " due_at) / 1000000)) AS SIGNED) AS seconds FROM outbox WHERE done_at IS NULL"
		    " AND parked_at IS NULL ORDER BY due_at LIMIT 1",
		    DB_NO_ARGS, DB_OUT(DB_INT("seconds", &seconds))))
		return most;
	return seconds < most ? (int)seconds : most;
}

bool outbox_add(struct db *db, const char *kind, int64_t application, const char *key,
		const char *payload)
{
	char result[DB_WORD_SIZE];

	db_call(db, "CALL outbox_add(?, ?, ?, ?)",
		DB_ARGS(db_text(kind), application ? db_int(application) : db_null(), db_text(key),
			db_text(payload)),
		result);
	return !strcmp(result, "added");
}
