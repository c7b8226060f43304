/* purge-face.c: cron/purge-face: destroys faces when the check is decided and the
 * project's days have passed, counts what is left, and has the desk told when
 * it is much. Any number of machines may run it. */
#include "base/base.h"

#include "base/config.h"
#include "base/die.h"
#include "base/log.h"
#include "db/row.h"
#include "identity/census.h"
#include "outbox/outbox.h"
#include "sweep.h"

#define BATCH 100

/* The check is decided when the application left its states for good: there is
 * no way back. Taken back consent is done by a trigger at once; here for what
 * came in the same moment. Who is at it still is left alone. */
static const char due_sql[] =
	"SELECT i.id FROM identity_attempt i JOIN application a ON a.id = i.application"
	" JOIN project p ON p.id = a.project"
	" WHERE i.faces_gone_at IS NULL AND i.method IN ('cloud', 'recorded') AND i.id > ?"
	" AND a.state NOT IN ('awaiting_identity', 'awaiting_identity_review')"
	" AND (SELECT MAX(e.at) FROM event e WHERE e.application = a.id"
	"  AND e.from_state IN ('awaiting_identity', 'awaiting_identity_review')"
	"  AND e.to_state NOT IN ('awaiting_identity', 'awaiting_identity_review'))"
	"  <= UTC_TIMESTAMP(6) - INTERVAL p.face_keep_days DAY"
	" ORDER BY i.id LIMIT ?";

/* Rows come and go in one transaction for each attempt: nobody waits for it. */
static bool destroy(struct db *db, void *context)
{
	const int64_t *attempt = context;

	db_exec(db, "DELETE FROM face_material WHERE attempt = ?", DB_ARGS(db_int(*attempt)));
	db_exec(db, "UPDATE identity_evidence SET text = NULL WHERE attempt = ?",
		DB_ARGS(db_int(*attempt)));
	db_exec(db,
		"UPDATE identity_attempt SET faces_gone_at = UTC_TIMESTAMP(3)"
		" WHERE id = ? AND faces_gone_at IS NULL",
		DB_ARGS(db_int(*attempt)));
	return true;
}

static bool destroy_one(struct db *db, struct db_result *row)
{
	int64_t attempt;

	db_row(row, DB_OUT(DB_INT("id", &attempt)));
	if (db_transaction(db, destroy, &attempt) != DB_DONE)
		die("faces of attempt %lld stay", (long long)attempt);
	return true;
}

/* What was uploaded belongs to the worker while it is at it; left behind by an
 * attempt that has ended it is of no use. */
static void purge_raw(struct db *db)
{
	long gone = db_exec(db,
			    "DELETE m FROM face_material m JOIN identity_attempt i"
			    " ON i.id = m.attempt WHERE m.kind = 'raw'"
			    " AND i.state NOT IN ('begun', 'handed_in')",
			    DB_NO_ARGS);

	if (gone)
		log_line(LOG_INFO, "purge.raw", "parts=%ld", gone);
}

/* The key makes it once a day. */
static void warn(const struct config *config, struct db *db)
{
	struct census c;
	char key[64], payload[64];

	census_take(db, &c);
	log_line(LOG_INFO, "faces.counted", "materials=%lld persons=%lld", (long long)c.materials,
		 (long long)c.persons);
	if (!census_warning(config, c.persons))
		return;
	db_one(db,
	       "SELECT DATE_FORMAT(UTC_TIMESTAMP() + INTERVAL 8 HOUR, 'face-alarm-%Y%m%d') AS `key`",
	       DB_NO_ARGS, DB_OUT(DB_TEXT("key", key)));
	snprintf(payload, sizeof(payload), "{\"persons\":%lld}", (long long)c.persons);
	outbox_add(db, "face_alarm", 0, key, payload);
}

int main(void)
{
	/* counted and told whatever became of the purge */
	int status = sweep_run(&(struct sweep){
		.job = "cron/purge-face",
		.done = "purge.faces",
		.sql = due_sql,
		.batch = BATCH,
		.act = destroy_one,
	});
	struct config *config = config_open();
	struct db *db = db_open(config, DB_CRON);

	purge_raw(db);
	warn(config, db);
	db_close(db);
	config_free(config);
	return status;
}
