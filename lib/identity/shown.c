/* shown.c: what people see of the identity checks of an application. */
#include "identity/shown.h"

#include "db/row.h"

bool identity_concerns(struct db *db, int64_t application)
{
	return db_exists(
		db,
		"SELECT 1 FROM application a JOIN project p ON p.id = a.project"
		" WHERE a.id = ? AND (p.identity_check"
		"  OR EXISTS (SELECT 1 FROM identity_attempt i WHERE i.application = a.id))",
		DB_ARGS(db_int(application)));
}

struct db_result *identity_list(struct db *db, int64_t application)
{
	return db_select(
		db,
		"SELECT id, " DB_MINUTE(
			"begun_at") " AS begun,"
				    " " DB_MINUTE(
					    "faces_gone_at") " AS gone"
							     " FROM identity_attempt WHERE application = ? ORDER BY id",
		DB_ARGS(db_int(application)));
}

bool identity_list_next(struct db_result *r, struct identity_listed *l)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &l->id), DB_VIEW("begun", &l->begun),
				     DB_OR_NULL(DB_VIEW("gone", &l->gone))));
}

bool identity_by_face(struct db *db, int64_t application, const char *public_id,
		      struct identity_attempt *a)
{
	int64_t id;

	if (public_id && !is_public_id(public_id))
		return false;
	id = db_number(db,
		       "SELECT id FROM identity_attempt WHERE application = ?"
		       " AND method <> 'counter' AND public_id = COALESCE(?, public_id)"
		       " ORDER BY state = 'review' DESC, id DESC LIMIT 1",
		       DB_ARGS(db_int(application), db_text(public_id)));
	return id && identity_find(db, id, a);
}

bool identity_consent_last(struct db *db, int64_t application, struct identity_given *g)
{
	return db_one(
		db,
		"SELECT version, " DB_MINUTE(
			"given_at") " AS given,"
				    " " DB_MINUTE(
					    "withdrawn_at") " AS withdrawn"
							    " FROM face_consent WHERE application = ? ORDER BY id DESC LIMIT 1",
		DB_ARGS(db_int(application)),
		DB_OUT(DB_TEXT("version", g->version), DB_TEXT("given", g->given),
		       DB_OR_NULL(DB_TEXT("withdrawn", g->withdrawn))));
}

struct db_result *identity_consent_agreed(struct db *db, int64_t application)
{
	return db_select(
		db,
		"SELECT t.version, t.body, " DB_MINUTE(
			"c.given_at") " AS given"
				      " FROM face_consent c JOIN face_consent_text t ON t.version = c.version"
				      " WHERE c.application = ? AND c.withdrawn_at IS NULL",
		DB_ARGS(db_int(application)));
}

bool identity_consent_agreed_next(struct db_result *r, struct identity_agreed *a)
{
	return db_next_row(r, DB_OUT(DB_VIEW("version", &a->version), DB_VIEW("body", &a->body),
				     DB_VIEW("given", &a->given)));
}

bool identity_has_faces(struct db *db, int64_t attempt)
{
	return db_exists(db,
			 "SELECT 1 FROM face_material WHERE attempt = ? AND kind <> 'raw' LIMIT 1",
			 DB_ARGS(db_int(attempt)));
}

bool identity_has_kind(struct db *db, int64_t attempt, enum identity_kind kind)
{
	return db_exists(db, "SELECT 1 FROM face_material WHERE attempt = ? AND kind = ? LIMIT 1",
			 DB_ARGS(db_int(attempt), db_text(identity_kind_names[kind])));
}

struct db_result *identity_frames(struct db *db, int64_t attempt, const char *action, int skip,
				  int most)
{
	return db_select(db,
			 "SELECT ord, at_ms FROM face_material WHERE attempt = ?"
			 " AND kind = 'frame' AND part = 0 AND action <=> ? ORDER BY ord"
			 " LIMIT ? OFFSET ?",
			 DB_ARGS(db_int(attempt), db_text(action), db_int(most), db_int(skip)));
}

bool identity_frames_next(struct db_result *r, struct identity_frame *f)
{
	return db_next_row(r,
			   DB_OUT(DB_INT("ord", &f->ord), DB_OR_NULL(DB_INT("at_ms", &f->at_ms))));
}

int64_t identity_unplaced(struct db *db, int64_t attempt)
{
	return db_number(db,
			 "SELECT COUNT(*) FROM face_material WHERE attempt = ?"
			 " AND kind = 'frame' AND part = 0 AND action IS NULL",
			 DB_ARGS(db_int(attempt)));
}

struct db_result *identity_shown_steps(struct db *db, int64_t attempt)
{
	return db_select(db,
			 "SELECT s.ord, s.action, DATE_FORMAT(s.revealed_at + INTERVAL 8 HOUR,"
			 " ' %H:%i:%s 提示（服务器时间）') AS revealed, c.digits"
			 " FROM identity_step s"
			 " JOIN identity_challenge c ON c.attempt = s.attempt WHERE s.attempt = ?"
			 " ORDER BY s.ord",
			 DB_ARGS(db_int(attempt)));
}

bool identity_shown_steps_next(struct db_result *r, struct identity_shown_step *s)
{
	return db_next_row(r, DB_OUT(DB_INT("ord", &s->ord), DB_VIEW("action", &s->action),
				     DB_VIEW("revealed", &s->revealed),
				     DB_VIEW("digits", &s->digits)));
}

struct db_result *identity_scores(struct db *db, int64_t attempt)
{
	return db_select(db,
			 "SELECT provider, outcome, verdict,"
			 " COALESCE(CONCAT(FORMAT(similarity / 100, 2), ' %'), '') AS similarity,"
			 " compared_with, codes FROM identity_evidence WHERE attempt = ?",
			 DB_ARGS(db_int(attempt)));
}

bool identity_scores_next(struct db_result *r, struct identity_scores *s)
{
	return db_next_row(
		r,
		DB_OUT(DB_VIEW("provider", &s->provider), DB_VIEW("outcome", &s->outcome),
		       DB_VIEW("verdict", &s->verdict), DB_VIEW("similarity", &s->similarity),
		       DB_VIEW("compared_with", &s->compared_with), DB_VIEW("codes", &s->codes)));
}
