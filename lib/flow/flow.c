/* flow.c: calls the procedures of schema/routines/flow.sql. */
#include "flow/flow.h"

#include "base/die.h"
#include "db/row.h"

const char *const flow_role_names[FLOW_ROLE_COUNT] = {
	[FLOW_APPLICANT] = "applicant", [FLOW_CLERK] = "clerk",
	[FLOW_PRODUCER] = "producer",   [FLOW_ADMIN] = "admin",
	[FLOW_AUDITOR] = "auditor",     [FLOW_ACCOUNTANT] = "accountant",
	[FLOW_PUSH] = "push",           [FLOW_CRON] = "cron",
};

/* The words in which the procedures answer. */
static const char *const result_names[FLOW_RESULT_COUNT] = {
	[FLOW_MOVED] = "moved",
	[FLOW_REPEATED] = "repeated",
	[FLOW_NOT_ALLOWED] = "not_allowed",
	[FLOW_GUARD_REFUSED] = "guard_refused",
	[FLOW_NO_APPLICATION] = "no_application",
};

static enum flow_result result_of(const char *word)
{
	for (int i = 0; i < FLOW_RESULT_COUNT; i++)
		if (!strcmp(word, result_names[i]))
			return (enum flow_result)i;
	die("flow: unknown result \"%s\"", word);
}

enum flow_result flow_advance(struct db *db, const struct flow_move *move,
			      struct flow_outcome *outcome)
{
	char word[DB_WORD_SIZE];

	/* no row while a sticky error waits */
	return db_one(db, "CALL flow_advance(?, ?, ?, ?, ?, ?)",
		      DB_ARGS(db_int(move->application), db_text(flow_role_names[move->role]),
			      db_text(move->token), db_text(move->event), db_text(move->key),
			      db_text(move->detail)),
		      DB_OUT(DB_TEXT("result", word), DB_OR_NULL(DB_TEXT("state", outcome->state)),
			     DB_OR_NULL(DB_INT("event", &outcome->event_id)))) ?
		       result_of(word) :
		       FLOW_NOT_ALLOWED;
}

enum flow_result flow_start(struct db *db, int64_t project, const char *token, const char *key,
			    char public_id[PUBLIC_ID_SIZE], int64_t *id)
{
	char fresh[PUBLIC_ID_SIZE], word[DB_WORD_SIZE];

	random_public_id(fresh);
	return db_one(db, "CALL flow_start(?, ?, ?, ?)",
		      DB_ARGS(db_int(project), db_text(token), db_text(key), db_text(fresh)),
		      DB_OUT(DB_TEXT("result", word), DB_INT("id", id),
			     DB_TEXT_N("public_id", public_id, PUBLIC_ID_SIZE))) ?
		       result_of(word) :
		       FLOW_NOT_ALLOWED;
}

bool flow_state_load(struct db *db, int flow_version, const char *state, struct flow_state *s)
{
	bool found = db_one(db,
			    "SELECT label, next, deadline_hours, waits_for = '' AS ended"
			    " FROM flow_state WHERE flow_version = ? AND state = ?",
			    DB_ARGS(db_int(flow_version), db_text(state)),
			    DB_OUT(DB_TEXT("label", s->label), DB_TEXT("next", s->next),
				   DB_OR_NULL(DB_INT("deadline_hours", &s->deadline_hours)),
				   DB_FLAG("ended", &s->ended)));

	snprintf(s->state, sizeof(s->state), "%s", found ? state : "");
	return found;
}
