/* decide.c: what an admin sees of the outbox and decides about it. */
#include "outbox/outbox.h"

#include "base/die.h"
#include "db/row.h"

const char *const outbox_act_names[OUTBOX_ACT_COUNT] = {
	[OUTBOX_RETRY] = "retry",
	[OUTBOX_GIVE_UP] = "give_up",
};

/* The words in which the procedure answers. */
static const char *const decision_names[OUTBOX_DECISION_COUNT] = {
	[OUTBOX_DECIDED] = "decided",
	[OUTBOX_REPEATED] = "repeated",
	[OUTBOX_NOT_OPEN] = "not_open",
	[OUTBOX_NOT_ALLOWED] = "not_allowed",
};

struct decision {
	int64_t id;
	const char *token, *act, *reason, *key;
	enum outbox_decision result;
};

static enum outbox_decision decision_of(const char *word)
{
	for (int i = 0; i < OUTBOX_DECISION_COUNT; i++)
		if (!strcmp(word, decision_names[i]))
			return (enum outbox_decision)i;
	die("outbox: unknown decision \"%s\"", word);
}

static bool decide(struct db *db, void *context)
{
	struct decision *d = context;
	char result[DB_WORD_SIZE];

	db_call(db, "CALL outbox_decide(?, ?, ?, ?, ?)",
		DB_ARGS(db_int(d->id), db_text(d->token), db_text(d->act), db_text(d->reason),
			db_text(d->key)),
		result);
	if (*result)
		d->result = decision_of(result);
	return d->result == OUTBOX_DECIDED;
}

enum outbox_decision outbox_decide(struct db *db, int64_t id, const char *token,
				   enum outbox_act act, const char *reason, const char *key)
{
	struct decision d = {
		.id = id,
		.token = token,
		.act = outbox_act_names[act],
		.reason = reason,
		.key = key,
		.result = OUTBOX_NOT_OPEN,
	};

	db_transaction(db, decide, &d);
	return d.result;
}

void outbox_figures(struct db *db, struct outbox_figures *f)
{
	db_one(db,
	       "SELECT COUNT(*) AS waiting, COALESCE(TIMESTAMPDIFF(SECOND, MIN(created_at),"
	       " UTC_TIMESTAMP()), 0) AS oldest_s,"
	       " COALESCE(SUM(created_at < UTC_TIMESTAMP() - INTERVAL ? SECOND), 0) AS late,"
	       " (SELECT COUNT(*) FROM outbox WHERE done_at IS NULL AND parked_at IS NOT NULL"
	       "  AND given_up_at IS NULL) AS parked, (SELECT COUNT(*) FROM outbox"
	       "  WHERE done_at >= UTC_TIMESTAMP() - INTERVAL 1 HOUR) AS done_hour"
	       " FROM outbox WHERE done_at IS NULL AND parked_at IS NULL",
	       DB_ARGS(db_int(OUTBOX_LATE_S)),
	       DB_OUT(DB_INT("waiting", &f->waiting), DB_INT("oldest_s", &f->oldest_s),
		      DB_INT("late", &f->late), DB_INT("parked", &f->parked),
		      DB_INT("done_hour", &f->done_hour)));
}

struct db_result *outbox_troubled(struct db *db, int most)
{
	return db_select(
		db,
		"SELECT o.id, o.kind, TIMESTAMPDIFF(SECOND, o.created_at, UTC_TIMESTAMP()) AS age_s,"
		" o.attempts, o.error_class, o.error, o.parked_at IS NOT NULL AS parked, a.public_id,"
		" o.claimed_by IS NOT NULL AND o.due_at > UTC_TIMESTAMP() AS in_work"
		" FROM outbox o LEFT JOIN application a ON a.id = o.application"
		" WHERE o.done_at IS NULL AND o.given_up_at IS NULL AND (o.parked_at IS NOT NULL"
		"  OR o.created_at < UTC_TIMESTAMP() - INTERVAL ? SECOND)"
		" ORDER BY o.parked_at IS NULL, o.created_at LIMIT ?",
		DB_ARGS(db_int(OUTBOX_LATE_S), db_int(most)));
}
