/* remind.c: promises a reminder to whoever left a draft alone for three days,
 * and again for ten; once each. After that the deadline ends it (expire.c). */
#include "base/base.h"

#include "base/log.h"
#include "outbox/outbox.h"

#define BATCH 500

/* A draft is what comes before the order is confirmed. When the job did not
 * run for a while, only the later of the two reminders is due. */
static const char due_sql[] =
	"SELECT d.id, d.days FROM (SELECT a.id,"
	"  IF(COALESCE(e.at, a.created_at) <= UTC_TIMESTAMP() - INTERVAL 10 DAY, 10, 3) AS days"
	"  FROM application a"
	"  JOIN flow_state s ON s.flow_version = a.flow_version AND s.state = a.state"
	"  JOIN flow_state o ON o.flow_version = a.flow_version"
	"   AND o.state = 'awaiting_order' AND s.ord <= o.ord"
	"  LEFT JOIN event e ON e.id = a.last_event"
	"  WHERE COALESCE(e.at, a.created_at) <= UTC_TIMESTAMP() - INTERVAL 3 DAY"
	"   AND a.deadline_at > UTC_TIMESTAMP() AND a.id > ?) d"
	" LEFT JOIN outbox b ON b.idempotency_key = CONCAT('remind-', d.id, '-', d.days)"
	" LEFT JOIN outbox c ON c.idempotency_key = CONCAT('remind-', d.id, '-10')"
	" WHERE b.id IS NULL AND c.id IS NULL ORDER BY d.id LIMIT ?";

static int64_t run_batch(struct db *db, int64_t after, long *added)
{
	struct db_result *r = db_select(db, due_sql, DB_ARGS(db_int(after), db_int(BATCH)));

	after = 0;
	while (db_next(r)) {
		char key[64], payload[32];

		after = db_int_at(r, 0);
		snprintf(key, sizeof(key), "remind-%lld-%d", (long long)after,
			 (int)db_int_at(r, 1));
		snprintf(payload, sizeof(payload), "{\"days\":%d}", (int)db_int_at(r, 1));
		*added += outbox_add(db, "reminder", after, key, payload);
	}
	db_result_free(r);
	return after;
}

int main(void)
{
	int64_t after = 0;
	long added = 0;

	log_identify("cron/remind", "-");
	struct db *db = db_open(config_open(), DB_CRON);

	do
		after = run_batch(db, after, &added);
	while (after);
	db_close(db);
	if (added)
		log_line(LOG_INFO, "remind.done", "added=%ld", added);
	return 0;
}
