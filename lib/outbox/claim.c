/* claim.c: takes rows that are due, and adds new ones. */
#include "outbox/outbox.h"

#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "db/row.h"
#include "lease/lease.h"

static void read_row(struct db_result *, void *, struct lease *);

/* By the index `due`. */
static const struct lease_kind row_kind = {
	.find = LEASE_FIND(
		"SELECT id, kind, idempotency_key, payload, application, event,"
		" attempts + 1 AS attempt, claimed_by IS NOT NULL AS died,"
		" COALESCE(error_class IN ('unknown', 'fault'), FALSE) AS failed FROM outbox",
		"due_at", " AND done_at IS NULL AND parked_at IS NULL"),
	.hold = LEASE_HOLD("UPDATE outbox SET claimed_by = ?, attempts", "due_at", " WHERE id = ?"),
	.read = read_row,
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

static void read_row(struct db_result *r, void *to, struct lease *lease)
{
	struct outbox_row *row = to;
	bool died, failed;

	outbox_release(row); /* of a try before this one */
	db_row(r,
	       DB_OUT(DB_INT("id", &row->id), DB_STRING("kind", &row->kind),
		      DB_STRING("idempotency_key", &row->key), DB_STRING("payload", &row->payload),
		      DB_OR_NULL(DB_INT("application", &row->application)),
		      DB_OR_NULL(DB_INT("event", &row->event)), DB_INT("attempt", &row->attempt),
		      DB_FLAG("died", &died), DB_FLAG("failed", &failed)));
	row->again = died || failed;
	/* Back off rows whose last worker crashed and could book nothing. */
	row->lease_ms = OUTBOX_LEASE_S * 1000;
	if (died)
		row->lease_ms += outbox_pause_ms(row->attempt, 0);
	*lease = (struct lease){ .tries = row->attempt,
				 .ms = row->lease_ms,
				 .key = db_int(row->id) };
}

bool outbox_claim(struct db *db, const char *worker, struct outbox_row *row)
{
	*row = (struct outbox_row){ 0 };
	if (!lease_take(db, &row_kind, DB_NO_ARGS, worker, row))
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
	return lease_wait_s(
		db,
		LEASE_WAIT("due_at", " FROM outbox WHERE done_at IS NULL AND parked_at IS NULL"),
		most);
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
