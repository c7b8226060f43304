/* due.c: applications whose time has come, for jobs. */
#include "case/due.h"

#include "db/row.h"

struct db_result *case_overdue(struct db *db, int64_t after, int most)
{
	return db_select(db,
			 "SELECT DISTINCT a.id, t.event, a.version FROM application a"
			 " JOIN flow_transition t ON t.flow_version = a.flow_version"
			 "  AND t.from_state = a.state AND t.role = 'cron'"
			 "  AND t.guard LIKE 'overdue%'"
			 " WHERE a.deadline_at <= UTC_TIMESTAMP(3) AND a.id > ?"
			 " ORDER BY a.id LIMIT ?",
			 DB_ARGS(db_int(after), db_int(most)));
}

void case_overdue_row(struct db_result *r, struct case_overdue *o)
{
	db_row(r, DB_OUT(DB_INT("id", &o->id), DB_TEXT("event", o->event),
			 DB_INT("version", &o->version)));
}

struct db_result *case_forgotten(struct db *db, int64_t after, int most)
{
	return db_select(
		db,
		"SELECT d.id, d.days FROM (SELECT a.id,"
		"  IF(COALESCE(e.at, a.created_at) <= UTC_TIMESTAMP() - INTERVAL 10 DAY, 10, 3) AS days"
		"  FROM application a"
		"  JOIN flow_state s ON s.flow_version = a.flow_version AND s.state = a.state"
		"   AND s.is_draft"
		"  LEFT JOIN event e ON e.id = a.last_event"
		"  WHERE COALESCE(e.at, a.created_at) <= UTC_TIMESTAMP() - INTERVAL 3 DAY"
		"   AND a.deadline_at > UTC_TIMESTAMP() AND a.id > ?) d"
		" LEFT JOIN outbox b ON b.idempotency_key = CONCAT('remind-', d.id, '-', d.days)"
		" LEFT JOIN outbox c ON c.idempotency_key = CONCAT('remind-', d.id, '-10')"
		" WHERE b.id IS NULL AND c.id IS NULL ORDER BY d.id LIMIT ?",
		DB_ARGS(db_int(after), db_int(most)));
}

void case_forgotten_row(struct db_result *r, struct case_forgotten *f)
{
	db_row(r, DB_OUT(DB_INT("id", &f->id), DB_INT("days", &f->days)));
}

struct db_result *case_waiting(struct db *db, int64_t application, int64_t event)
{
	return db_select(
		db,
		"SELECT a.public_id, s.label, p.name AS project,"
		" " DB_MINUTE(
			"a.state_since") " AS since"
					 " FROM application a JOIN event e ON e.id = ? AND e.application = a.id"
					 "  AND e.to_state = a.state"
					 " JOIN flow_state s ON s.flow_version = a.flow_version AND s.state = a.state"
					 " JOIN project p ON p.id = a.project WHERE a.id = ?",
		DB_ARGS(db_int(event), db_int(application)));
}

bool case_waiting_next(struct db_result *r, struct case_waiting *w)
{
	return db_next_row(r,
			   DB_OUT(DB_VIEW("public_id", &w->public_id), DB_VIEW("label", &w->label),
				  DB_VIEW("project", &w->project), DB_VIEW("since", &w->since)));
}

int64_t case_rejected_by(struct db *db, int64_t application, int64_t event)
{
	return db_number(db,
			 "SELECT actor FROM event WHERE id = ? AND application = ?"
			 " AND event = 'reject' AND role = 'clerk'",
			 DB_ARGS(db_int(event), db_int(application)));
}
