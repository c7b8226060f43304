/* login.c: log-ins of applicants by WeChat, tables login_state and applicant. */
#include "applicant/applicant.h"

#include "db/row.h"

#define DIGEST(bytes) db_bytes(bytes, SHA256_SIZE)

void applicant_login_begin(struct db *db, const struct applicant_login *l, int64_t project,
			   int minutes)
{
	db_exec(db,
		"INSERT INTO login_state (state_hash, browser_hash, project, created_at, expires_at)"
		" VALUES (?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL ? MINUTE)",
		DB_ARGS(DIGEST(l->state), DIGEST(l->browser), db_int(project), db_int(minutes)));
}

bool applicant_login_take(struct db *db, const struct applicant_login *l,
			  char code[APPLICANT_CODE_SIZE])
{
	if (db_exec(db,
		    "UPDATE login_state SET used_at = UTC_TIMESTAMP(3)"
		    " WHERE state_hash = ? AND browser_hash = ?"
		    " AND used_at IS NULL AND expires_at > UTC_TIMESTAMP(3)",
		    DB_ARGS(DIGEST(l->state), DIGEST(l->browser))) != 1)
		return false;
	return db_one(db,
		      "SELECT p.code FROM login_state l JOIN project p ON p.id = l.project"
		      " WHERE l.state_hash = ?",
		      DB_ARGS(DIGEST(l->state)),
		      DB_OUT(DB_TEXT_N("code", code, APPLICANT_CODE_SIZE)));
}

long applicant_login_purge(struct db *db, int most)
{
	return db_exec(db,
		       "DELETE FROM login_state"
		       " WHERE expires_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY"
		       " ORDER BY state_hash LIMIT ?",
		       DB_ARGS(db_int(most)));
}

static int64_t find(struct db *db, const char *appid, const char *openid)
{
	return db_number(db, "SELECT id FROM applicant WHERE appid = ? AND openid = ?",
			 DB_ARGS(db_text(appid), db_text(openid)));
}

/* Two browsers may log in for the first time at once: the later one finds. */
int64_t applicant_of(struct db *db, const char *appid, const char *openid)
{
	int64_t id = find(db, appid, openid);

	if (id)
		return id;
	if (db_exec(db,
		    "INSERT INTO applicant (appid, openid, created_at)"
		    " VALUES (?, ?, UTC_TIMESTAMP(3))",
		    DB_ARGS(db_text(appid), db_text(openid))) == DB_DUPLICATE)
		return find(db, appid, openid);
	return db_inserted_id(db);
}
