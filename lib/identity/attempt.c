/* attempt.c: what the project asks for, and the tries of an application. */
#include "identity/identity.h"

#include "base/die.h"
#include "db/row.h"

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

static int left(int of, int64_t used)
{
	return used < of ? of - (int)used : 0;
}

void identity_plan_load(struct db *db, int64_t application, struct identity_plan *plan)
{
	char wish[17];
	int64_t tries, uploads;

	if (!db_one(db,
		    "SELECT p.identity_methods, p.identity_subject = 'legal_rep' AS legal_rep,"
		    " COALESCE(IF(p.identity_subject = 'legal_rep', l.name, g.name), '') AS subject,"
		    " COALESCE(o.identity_method, '') AS wish, p.identity_attempts_max,"
		    " (SELECT COUNT(*) FROM identity_attempt i"
		    "  LEFT JOIN identity_evidence e ON e.attempt = i.id"
		    "  WHERE i.application = a.id AND i.method <> 'counter'"
		    "  AND (i.state IN ('failed', 'lapsed')"
		    "   OR (i.state = 'repeat' AND e.verdict = 'too-costly'))"
		    "  AND i.id > " LAST_PASS_SQL ") AS tries,"
		    " (SELECT COUNT(*) FROM identity_attempt i"
		    "  JOIN identity_challenge c ON c.attempt = i.id AND c.used_at IS NOT NULL"
		    "  WHERE i.application = a.id AND i.id > " LAST_PASS_SQL ") AS uploads,"
		    " p.counter_place FROM application a JOIN project p ON p.id = a.project"
		    " LEFT JOIN legal_rep l ON l.application = a.id"
		    " LEFT JOIN agent g ON g.application = a.id"
		    " LEFT JOIN `order` o ON o.application = a.id WHERE a.id = ?",
		    DB_ARGS(db_int(application)),
		    DB_OUT(DB_TEXT("identity_methods", plan->methods),
			   DB_FLAG("legal_rep", &plan->legal_rep),
			   DB_TEXT("subject", plan->subject), DB_TEXT("wish", wish),
			   DB_INT("identity_attempts_max", &plan->tries_max),
			   DB_INT("tries", &tries), DB_INT("uploads", &uploads),
			   DB_TEXT("counter_place", plan->in_person_place))))
		die("application %lld has no project", (long long)application);
	plan->wish = identity_method_by_name(wish);
	plan->tries_left = left(plan->tries_max, tries);
	plan->uploads_left = left(IDENTITY_UPLOADS_MAX, uploads);
}

static enum identity_state state_by_name(const char *name)
{
	for (int i = 0; i < IDENTITY_STATE_COUNT; i++)
		if (!strcmp(name, identity_state_names[i]))
			return i;
	die("identity_attempt has the state %s", name);
}

#define ATTEMPT_COLUMNS                                                      \
	"SELECT i.id, i.application, i.public_id, i.method, i.state,"        \
	" (SELECT COUNT(*) FROM identity_attempt b"                          \
	"  WHERE b.application = i.application AND b.id <= i.id) AS number," \
	" TIMESTAMPDIFF(SECOND, i.begun_at, UTC_TIMESTAMP(3)) AS age_s FROM identity_attempt i "

static bool find_attempt(struct db *db, const char *sql, struct db_args args,
			 struct identity_attempt *a)
{
	char method[17], state[17];

	*a = (struct identity_attempt){ .method = IDENTITY_METHOD_COUNT };
	if (!db_one(db, sql, args,
		    DB_OUT(DB_INT("id", &a->id), DB_INT("application", &a->application),
			   DB_TEXT("public_id", a->public_id), DB_TEXT("method", method),
			   DB_TEXT("state", state), DB_INT("number", &a->number),
			   DB_INT("age_s", &a->age_s))))
		return false;
	a->method = identity_method_by_name(method);
	a->state = state_by_name(state);
	return true;
}

bool identity_latest(struct db *db, int64_t application, enum identity_method method,
		     struct identity_attempt *a)
{
	const char *name = method < IDENTITY_METHOD_COUNT ? identity_ways[method].name : NULL;

	return find_attempt(db,
			    ATTEMPT_COLUMNS
			    "WHERE i.application = ? AND i.method = COALESCE(?, i.method)"
			    " ORDER BY i.id DESC LIMIT 1",
			    DB_ARGS(db_int(application), db_text(name)), a);
}

bool identity_find(struct db *db, int64_t id, struct identity_attempt *a)
{
	return find_attempt(db, ATTEMPT_COLUMNS "WHERE i.id = ?", DB_ARGS(db_int(id)), a);
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
