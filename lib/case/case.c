/* case.c: one application as staff see it. */
#include "case/case.h"

#include "db/row.h"

int64_t case_last_move(struct db *db, int64_t application)
{
	return db_number(db,
			 "SELECT COALESCE(MAX(id), 0) FROM event WHERE application = ?"
			 " AND from_state <> to_state",
			 DB_ARGS(db_int(application)));
}

bool case_last_decision(struct db *db, int64_t application, struct case_decision *d)
{
	return db_one(db,
		      "SELECT COALESCE(w.staff, e.event) AS words, f.name,"
		      " DATE_FORMAT(e.at + INTERVAL 8 HOUR, '%H:%i') AS time"
		      " FROM event e" FLOW_WORDS_JOIN
		      " JOIN staff f ON f.id = e.actor WHERE e.application = ?"
		      " AND e.role IN ('clerk', 'producer') AND e.event <> 'reveal'"
		      " ORDER BY e.id DESC LIMIT 1",
		      DB_ARGS(db_int(application)),
		      DB_OUT(DB_STRING("words", &d->words), DB_STRING("name", &d->name),
			     DB_TEXT("time", d->time)));
}

void case_decision_release(struct case_decision *d)
{
	free(d->words);
	free(d->name);
}

struct db_result *case_history(struct db *db, int64_t application)
{
	return db_select(
		db,
		"SELECT " DB_MINUTE(
			"e.at") " AS at, e.event, e.role, f.name AS staff,"
				" JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.form')) AS form,"
				" JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.field')) AS field,"
				" JSON_EXTRACT(e.detail, '$.face') IS NOT NULL AS face, t.text AS reason,"
				" t.text IS NOT NULL AS has_reason, COALESCE(w.staff, e.event) AS words"
				" FROM event e" FLOW_WORDS_JOIN
				" LEFT JOIN reason_text t ON CONVERT(t.code USING utf8mb4)"
				"  = JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.reason'))"
				" LEFT JOIN staff f ON f.id = e.actor AND e.role IN ('clerk', 'producer', 'admin')"
				" WHERE e.application = ? AND (e.role <> 'applicant' OR e.from_state <> e.to_state"
				"  OR w.staff_stays)"
				" ORDER BY e.id DESC LIMIT ?",
		DB_ARGS(db_int(application), db_int(CASE_EVENTS_MAX)));
}

bool case_history_next(struct db_result *r, struct case_event *e)
{
	return db_next_row(r, DB_OUT(DB_VIEW("at", &e->at), DB_VIEW("event", &e->event),
				     DB_VIEW("words", &e->words), DB_VIEW("role", &e->role),
				     DB_OR_NULL(DB_VIEW("staff", &e->staff)),
				     DB_OR_NULL(DB_VIEW("form", &e->form)),
				     DB_OR_NULL(DB_VIEW("field", &e->field)),
				     DB_OR_NULL(DB_VIEW("reason", &e->reason)),
				     DB_FLAG("face", &e->face),
				     DB_FLAG("has_reason", &e->has_reason)));
}

bool case_face_asked(struct db *db, int64_t application, int64_t clerk,
		     const char *attempt_public_id, int minutes)
{
	return db_exists(
		db,
		"SELECT 1 FROM event WHERE application = ? AND event = 'reveal' AND role = 'clerk'"
		" AND actor = ? AND at > UTC_TIMESTAMP(6) - INTERVAL ? MINUTE"
		" AND JSON_UNQUOTE(JSON_EXTRACT(detail, '$.face')) = ? LIMIT 1",
		DB_ARGS(db_int(application), db_int(clerk), db_int(minutes),
			db_text(attempt_public_id)));
}
