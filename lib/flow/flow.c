/* flow.c: calls the procedures of schema/routines/flow.sql. */
#include "flow/flow.h"

#include "base/die.h"

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
	struct db_result *r = db_select(db, "CALL flow_advance(?, ?, ?, ?, ?, ?)",
					DB_ARGS(db_int(move->application),
						db_text(flow_role_names[move->role]),
						db_int(move->actor), db_text(move->event),
						db_text(move->key), db_text(move->detail)));
	enum flow_result result = FLOW_NOT_ALLOWED; /* while a sticky error waits */

	*outcome = (struct flow_outcome){ 0 };
	if (db_next(r)) {
		result = result_of(db_text_at(r, 0));
		snprintf(outcome->state, sizeof(outcome->state), "%s", db_text_at(r, 1));
		outcome->event_id = db_int_at(r, 2);
	}
	db_result_free(r);
	return result;
}

enum flow_result flow_start(struct db *db, int64_t project, int64_t applicant, const char *key,
			    char public_id[PUBLIC_ID_SIZE], int64_t *id)
{
	char fresh[PUBLIC_ID_SIZE];
	enum flow_result result = FLOW_NOT_ALLOWED; /* while a sticky error waits */

	random_public_id(fresh);
	struct db_result *r = db_select(
		db, "CALL flow_start(?, ?, ?, ?)",
		DB_ARGS(db_int(project), db_int(applicant), db_text(key), db_text(fresh)));
	*id = 0;
	public_id[0] = '\0';
	if (db_next(r)) {
		result = result_of(db_text_at(r, 0));
		*id = db_int_at(r, 1);
		snprintf(public_id, PUBLIC_ID_SIZE, "%s", db_text_at(r, 2));
	}
	db_result_free(r);
	return result;
}

bool flow_state_load(struct db *db, int flow_version, const char *state, struct flow_state *s)
{
	struct db_result *r = db_select(db,
					"SELECT label, next, deadline_hours, waits_for = ''"
					" FROM flow_state WHERE flow_version = ? AND state = ?",
					DB_ARGS(db_int(flow_version), db_text(state)));
	bool found = db_next(r);

	*s = (struct flow_state){ 0 };
	if (found) {
		snprintf(s->state, sizeof(s->state), "%s", state);
		snprintf(s->label, sizeof(s->label), "%s", db_text_at(r, 0));
		snprintf(s->next, sizeof(s->next), "%s", db_text_at(r, 1));
		s->deadline_hours = (int)db_int_at(r, 2);
		s->ended = db_int_at(r, 3) != 0;
	}
	db_result_free(r);
	return found;
}
