/* fault.c: rows over which a worker ended: counted, put off, parked. */
#include "fault/fault.h"

#include "db/row.h"

/* In the second clause `attempts` is counted up before it is used. */
static const char count_sql[] =
	"INSERT INTO job_fault (job, item, attempts, first_at, last_at, due_at, parked_at,"
	" class, reason) SELECT ?, ?, 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3),"
	" UTC_TIMESTAMP(3) + INTERVAL ? SECOND, IF(? <= 1, UTC_TIMESTAMP(3), NULL), ?, LEFT(?, 200)"
	" ON DUPLICATE KEY UPDATE attempts = attempts + 1, last_at = UTC_TIMESTAMP(3),"
	" due_at = UTC_TIMESTAMP(3)"
	"  + INTERVAL LEAST(?, ? * POW(2, LEAST(attempts, 20) - 1)) SECOND,"
	" parked_at = IF(attempts >= ?, COALESCE(parked_at, UTC_TIMESTAMP(3)), NULL),"
	" class = VALUES(class), reason = VALUES(reason)";

bool fault_count(struct db *db, const struct fault *f)
{
	db_exec(db, count_sql,
		DB_ARGS(db_text(f->job), db_text(f->item), db_int(FAULT_PAUSE_FIRST_S),
			db_int(f->attempts_max), db_text(f->class), db_text(f->reason),
			db_int(FAULT_PAUSE_MAX_S), db_int(FAULT_PAUSE_FIRST_S),
			db_int(f->attempts_max)));
	return db_exists(db,
			 "SELECT 1 FROM job_fault WHERE job = ? AND item = ?"
			 " AND parked_at IS NOT NULL",
			 DB_ARGS(db_text(f->job), db_text(f->item)));
}

int fault_pause_s(struct db *db, const char *job, const char *item)
{
	return (int)db_number(
		db,
		"SELECT GREATEST(0, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), due_at)) FROM job_fault"
		" WHERE job = ? AND item = ? AND parked_at IS NULL",
		DB_ARGS(db_text(job), db_text(item)));
}

bool fault_holds(struct db *db, const char *job, const char *item)
{
	return db_exists(db,
			 "SELECT 1 FROM job_fault WHERE job = ? AND item = ?"
			 " AND (parked_at IS NOT NULL OR due_at > UTC_TIMESTAMP(3))",
			 DB_ARGS(db_text(job), db_text(item)));
}

bool fault_any(struct db *db, const char *job)
{
	return db_exists(db, "SELECT 1 FROM job_fault WHERE job = ? LIMIT 1",
			 DB_ARGS(db_text(job)));
}

void fault_clear(struct db *db, const char *job, const char *item)
{
	db_exec(db, "DELETE FROM job_fault WHERE job = ? AND item = ?",
		DB_ARGS(db_text(job), db_text(item)));
}

struct db_result *fault_list(struct db *db, int most)
{
	return db_select(
		db,
		"SELECT job, item, attempts,"
		" TIMESTAMPDIFF(SECOND, first_at, UTC_TIMESTAMP(3)) AS age_s, class, reason,"
		" parked_at IS NOT NULL AS parked FROM job_fault"
		" ORDER BY parked_at IS NULL, first_at LIMIT ?",
		DB_ARGS(db_int(most)));
}
