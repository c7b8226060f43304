/* attempt.c: what the project asks for, and the tries of an application. */
#include "identity/identity.h"

#include "base/die.h"

const char *const identity_state_names[IDENTITY_STATE_COUNT] = {
	[IDENTITY_BEGUN] = "begun",   [IDENTITY_HANDED_IN] = "handed_in",
	[IDENTITY_REVIEW] = "review", [IDENTITY_PASSED] = "passed",
	[IDENTITY_FAILED] = "failed", [IDENTITY_REPEAT] = "repeat",
	[IDENTITY_LAPSED] = "lapsed",
};

/* Tries before a pass were another person's, as flow_guard() counts them too. */
#define LAST_PASS_SQL                                        \
	"COALESCE((SELECT MAX(q.id) FROM identity_attempt q" \
	" WHERE q.application = a.id AND q.state = 'passed'), 0)"

void identity_plan_load(struct db *db, int64_t application, struct identity_plan *plan)
{
	struct db_result *r = db_select(
		db,
		"SELECT p.identity_methods, p.identity_subject = 'legal_rep',"
		" COALESCE(IF(p.identity_subject = 'legal_rep', l.name, g.name), ''),"
		" COALESCE(o.identity_method, ''), p.identity_attempts_max,"
		" (SELECT COUNT(*) FROM identity_attempt i"
		"  LEFT JOIN identity_evidence e ON e.attempt = i.id WHERE i.application = a.id"
		"  AND i.method <> 'counter' AND (i.state IN ('failed', 'lapsed')"
		"   OR (i.state = 'repeat' AND e.verdict = 'too-costly'))"
		"  AND i.id > " LAST_PASS_SQL "),"
		" (SELECT COUNT(*) FROM identity_attempt i"
		"  JOIN identity_challenge c ON c.attempt = i.id AND c.used_at IS NOT NULL"
		"  WHERE i.application = a.id AND i.id > " LAST_PASS_SQL "),"
		" p.counter_place FROM application a JOIN project p ON p.id = a.project"
		" LEFT JOIN legal_rep l ON l.application = a.id"
		" LEFT JOIN agent g ON g.application = a.id"
		" LEFT JOIN `order` o ON o.application = a.id WHERE a.id = ?",
		DB_ARGS(db_int(application)));

	if (!db_next(r))
		die("application %lld has no project", (long long)application);
	*plan = (struct identity_plan){
		.legal_rep = db_int_at(r, 1) != 0,
		.wish = identity_method_by_name(db_text_at(r, 3)),
		.tries_max = (int)db_int_at(r, 4),
	};
	snprintf(plan->methods, sizeof(plan->methods), "%s", db_text_at(r, 0));
	snprintf(plan->subject, sizeof(plan->subject), "%s", db_text_at(r, 2));
	snprintf(plan->counter_place, sizeof(plan->counter_place), "%s", db_text_at(r, 7));
	plan->tries_left = plan->tries_max - (int)db_int_at(r, 5);
	if (plan->tries_left < 0)
		plan->tries_left = 0;
	plan->uploads_left = IDENTITY_UPLOADS_MAX - (int)db_int_at(r, 6);
	if (plan->uploads_left < 0)
		plan->uploads_left = 0;
	db_result_free(r);
}

static enum identity_state state_by_name(const char *name)
{
	for (int i = 0; i < IDENTITY_STATE_COUNT; i++)
		if (!strcmp(name, identity_state_names[i]))
			return i;
	die("identity_attempt has the state %s", name);
}

#define ATTEMPT_COLUMNS                                               \
	"SELECT i.id, i.application, i.public_id, i.method, i.state," \
	" (SELECT COUNT(*) FROM identity_attempt b"                   \
	"  WHERE b.application = i.application AND b.id <= i.id),"    \
	" TIMESTAMPDIFF(SECOND, i.begun_at, UTC_TIMESTAMP(3)) FROM identity_attempt i "

static bool take_row(struct db_result *r, struct identity_attempt *a)
{
	bool found = db_next(r);

	*a = (struct identity_attempt){ .method = IDENTITY_METHOD_COUNT };
	if (found) {
		a->id = db_int_at(r, 0);
		a->application = db_int_at(r, 1);
		snprintf(a->public_id, sizeof(a->public_id), "%s", db_text_at(r, 2));
		a->method = identity_method_by_name(db_text_at(r, 3));
		a->state = state_by_name(db_text_at(r, 4));
		a->number = (int)db_int_at(r, 5);
		a->age_s = (int)db_int_at(r, 6);
	}
	db_result_free(r);
	return found;
}

bool identity_latest(struct db *db, int64_t application, enum identity_method method,
		     struct identity_attempt *a)
{
	const char *name = method < IDENTITY_METHOD_COUNT ? identity_ways[method].name : NULL;

	return take_row(db_select(db,
				  ATTEMPT_COLUMNS
				  "WHERE i.application = ? AND i.method = COALESCE(?, i.method)"
				  " ORDER BY i.id DESC LIMIT 1",
				  DB_ARGS(db_int(application), db_text(name))),
			a);
}

bool identity_find(struct db *db, int64_t id, struct identity_attempt *a)
{
	return take_row(db_select(db, ATTEMPT_COLUMNS "WHERE i.id = ?", DB_ARGS(db_int(id))), a);
}

void identity_begin(struct db *db, int64_t application, enum identity_method method,
		    struct identity_attempt *a)
{
	char public_id[PUBLIC_ID_SIZE];
	int64_t id;

	db_exec(db,
		"UPDATE identity_attempt SET state = 'lapsed', ended_at = UTC_TIMESTAMP(3)"
		" WHERE application = ? AND state = 'begun' AND method = ?"
		" AND method <> 'counter'",
		DB_ARGS(db_int(application), db_text(identity_ways[method].name)));
	random_public_id(public_id);
	db_exec(db,
		"INSERT INTO identity_attempt (public_id, application, method, subject, begun_at)"
		" SELECT ?, a.id, ?, p.identity_subject, UTC_TIMESTAMP(3)"
		" FROM application a JOIN project p ON p.id = a.project WHERE a.id = ?",
		DB_ARGS(db_text(public_id), db_text(identity_ways[method].name),
			db_int(application)));
	id = db_inserted_id(db);
	identity_find(db, id, a);
}

bool identity_move(struct db *db, const struct identity_attempt *a, enum identity_state from,
		   enum identity_state to)
{
	bool ends = to != IDENTITY_BEGUN && to != IDENTITY_HANDED_IN && to != IDENTITY_REVIEW;

	return db_exec(db,
		       "UPDATE identity_attempt SET state = ?,"
		       " ended_at = IF(?, UTC_TIMESTAMP(3), ended_at) WHERE id = ? AND state = ?",
		       DB_ARGS(db_text(identity_state_names[to]), db_int(ends), db_int(a->id),
			       db_text(identity_state_names[from]))) == 1;
}

/* All values are words of ours: nothing in them needs an escape. */
static void add_word(struct buffer *out, const char *key, const char *value)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz0123456789_,-";

	if (!value || !*value)
		return;
	if (value[strspn(value, fine)])
		die("detail of an event: %s is no word", key);
	buffer_printf(out, ",\"%s\":\"%s\"", key, value);
}

void identity_detail(struct buffer *out, const struct identity_attempt *a, const char *outcome,
		     const char *verdict, const char *actions, const char *codes)
{
	buffer_printf(out, "{\"try\":%d", a->number);
	add_word(out, "method", identity_ways[a->method].name);
	add_word(out, "outcome", outcome);
	add_word(out, "verdict", verdict);
	add_word(out, "actions", actions);
	if (codes)
		buffer_printf(out, ",\"codes\":%s", codes);
	buffer_putc(out, '}');
}
