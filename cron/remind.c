/* remind.c: promises a reminder to whoever left a draft alone for three days,
 * and again for ten; once each. After that the deadline ends it (expire.c). */
#include "sweep.h"

#include "db/row.h"
#include "outbox/outbox.h"

/* When the job did not run for a while, only the later of the two reminders is
 * due. */
static const char due_sql[] =
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
	" WHERE b.id IS NULL AND c.id IS NULL ORDER BY d.id LIMIT ?";

static bool remind(struct db *db, struct db_result *row)
{
	int64_t application;
	int days;
	char key[64], payload[32];

	db_row(row, DB_OUT(DB_INT("id", &application), DB_INT("days", &days)));
	snprintf(key, sizeof(key), "remind-%lld-%d", (long long)application, days);
	snprintf(payload, sizeof(payload), "{\"days\":%d}", days);
	return outbox_add(db, "reminder", application, key, payload);
}

int main(void)
{
	return sweep_run(&(struct sweep){
		.job = "cron/remind",
		.done = "remind.done",
		.sql = due_sql,
		.batch = 500,
		.act = remind,
	});
}
