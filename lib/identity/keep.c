/* keep.c: how long faces are kept, and their destruction. */
#include "identity/keep.h"

#include "db/row.h"

struct db_result *identity_faces_due(struct db *db, int64_t after, int most)
{
	return db_select(
		db,
		"SELECT i.id FROM identity_attempt i JOIN application a ON a.id = i.application"
		" JOIN project p ON p.id = a.project"
		" WHERE i.faces_gone_at IS NULL AND i.method IN ('cloud', 'recorded') AND i.id > ?"
		" AND a.state NOT IN ('awaiting_identity', 'awaiting_identity_review')"
		" AND (SELECT MAX(e.at) FROM event e WHERE e.application = a.id"
		"  AND e.from_state IN ('awaiting_identity', 'awaiting_identity_review')"
		"  AND e.to_state NOT IN ('awaiting_identity', 'awaiting_identity_review'))"
		"  <= UTC_TIMESTAMP(6) - INTERVAL p.face_keep_days DAY"
		" ORDER BY i.id LIMIT ?",
		DB_ARGS(db_int(after), db_int(most)));
}

int64_t identity_faces_due_row(struct db_result *r)
{
	int64_t id;

	db_row(r, DB_OUT(DB_INT("id", &id)));
	return id;
}

void identity_faces_destroy(struct db *db, int64_t attempt)
{
	db_exec(db, "DELETE FROM face_material WHERE attempt = ?", DB_ARGS(db_int(attempt)));
	db_exec(db, "UPDATE identity_evidence SET text = NULL WHERE attempt = ?",
		DB_ARGS(db_int(attempt)));
	db_exec(db,
		"UPDATE identity_attempt SET faces_gone_at = UTC_TIMESTAMP(3)"
		" WHERE id = ? AND faces_gone_at IS NULL",
		DB_ARGS(db_int(attempt)));
}

long identity_raw_purge(struct db *db)
{
	return db_exec(db,
		       "DELETE m FROM face_material m JOIN identity_attempt i"
		       " ON i.id = m.attempt WHERE m.kind = 'raw'"
		       " AND i.state NOT IN ('begun', 'handed_in')",
		       DB_NO_ARGS);
}
