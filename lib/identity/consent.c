/* consent.c: the separate consent for face data (个人信息保护法 29). */
#include "identity/identity.h"

#include "base/die.h"
#include "db/row.h"

void identity_consent_text(struct db *db, struct identity_consent *c)
{
	buffer_init(&c->body);
	if (!db_one(db,
		    "SELECT version, body FROM face_consent_text"
		    " WHERE published_at <= UTC_TIMESTAMP() ORDER BY published_at DESC,"
		    " version DESC LIMIT 1",
		    DB_NO_ARGS,
		    DB_OUT(DB_TEXT("version", c->version), DB_BUFFER("body", &c->body))))
		die("no text of the consent for faces is in force");
}

void identity_consent_release(struct identity_consent *c)
{
	buffer_release(&c->body);
}

bool identity_consent_given(struct db *db, int64_t application)
{
	return db_exists(db, "SELECT 1 FROM face_consent WHERE application = ? AND live",
			 DB_ARGS(db_int(application)));
}

bool identity_consent_give(struct db *db, int64_t application, const char *version)
{
	struct identity_consent now;
	bool in_force;

	identity_consent_text(db, &now);
	in_force = version && !strcmp(version, now.version);
	identity_consent_release(&now);
	/* The unique key makes a second one none. */
	if (in_force)
		db_exec(db,
			"INSERT INTO face_consent (application, version, sha256, given_at)"
			" SELECT ?, version, sha256, UTC_TIMESTAMP(3) FROM face_consent_text"
			" WHERE version = ?",
			DB_ARGS(db_int(application), db_text(version)));
	return in_force;
}

void identity_consent_withdraw(struct db *db, int64_t application)
{
	db_exec(db,
		"UPDATE face_consent SET withdrawn_at = UTC_TIMESTAMP(3)"
		" WHERE application = ? AND withdrawn_at IS NULL",
		DB_ARGS(db_int(application)));
	db_exec(db,
		"UPDATE identity_attempt SET state = 'lapsed', ended_at = UTC_TIMESTAMP(3)"
		" WHERE application = ? AND method <> 'counter'"
		" AND state IN ('begun', 'handed_in', 'review')",
		DB_ARGS(db_int(application)));
}
