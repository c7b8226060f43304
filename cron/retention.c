/* retention.c: cron/retention: deletes face material when the check is decided and
 * project.face_keep_days have passed, counts the rest, and writes an alarm to the outbox
 * when the count nears the legal limit. Any number of machines may run it. */
#include "base/base.h"

#include "base/config.h"
#include "base/die.h"
#include "base/log.h"
#include "db/row.h"
#include "identity/face-count.h"
#include "identity/keep.h"
#include "outbox/outbox.h"
#include "batch.h"

#define BATCH 100

/* One transaction for each attempt keeps locks short. */
static bool destroy(struct db *db, void *context)
{
	const int64_t *attempt = context;

	identity_faces_destroy(db, *attempt);
	return true;
}

static bool destroy_one(struct db *db, struct db_result *row)
{
	int64_t attempt = identity_faces_due_row(row);

	if (db_transaction(db, destroy, &attempt) != DB_DONE)
		die("faces of attempt %lld stay", (long long)attempt);
	return true;
}

static void purge_raw(struct db *db)
{
	long gone = identity_raw_purge(db);

	if (gone)
		log_line(LOG_INFO, "purge.raw", "parts=%ld", gone);
}

/* The idempotency key allows one alarm a day. */
static void warn(const struct config *config, struct db *db)
{
	struct face_count c;
	char day[DB_DAY_SIZE], key[64], payload[64];

	face_count_take(db, &c);
	log_line(LOG_INFO, "faces.counted", "materials=%lld persons=%lld", (long long)c.materials,
		 (long long)c.persons);
	if (!face_count_warning(config, c.persons))
		return;
	db_today(db, day);
	snprintf(key, sizeof(key), "face-alarm-%.4s%.2s%.2s", day, day + 5, day + 8);
	snprintf(payload, sizeof(payload), "{\"persons\":%lld}", (long long)c.persons);
	outbox_add(db, "face_alarm", 0, key, payload);
}

int main(void)
{
	/* the faces are counted even when a deletion failed */
	int status = batch_run(&(struct batch){
		.job = "cron/retention",
		.stored = "cron/purge-face",
		.done = "purge.faces",
		.list = identity_faces_due,
		.rows = BATCH,
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
