/* settle.c: what becomes of a row after an attempt. */
#include "outbox/outbox.h"

#include "lease/lease.h"

#include "base/die.h"
#include "base/digest.h"
#include "base/log.h"

enum fate { DONE, AGAIN, PARKED };

/* Ours to mend is tried on, more slowly: once it is mended all goes out by
 * itself. */
#define ALARM_PAUSE_MS (5 * 60 * 1000)

static const struct {
	enum fate fate;
	int64_t pause_min_ms;
	enum log_level level;
} classes[SERVICE_RESULT_COUNT] = {
	[SERVICE_OK] = { DONE, 0, LOG_INFO },
	[SERVICE_RETRY_LATER] = { AGAIN, 0, LOG_INFO },
	[SERVICE_UNKNOWN] = { AGAIN, 0, LOG_INFO },
	[SERVICE_UNREACHABLE] = { PARKED, 0, LOG_INFO },
	[SERVICE_PERMANENT] = { PARKED, 0, LOG_FAULT },
	[SERVICE_ALARM] = { AGAIN, ALARM_PAUSE_MS, LOG_FAULT },
	[SERVICE_FAULT] = { AGAIN, ALARM_PAUSE_MS, LOG_FAULT },
};

static const char settle_sql[] = "UPDATE outbox SET claimed_by = NULL, error_class = ?, error = ?,"
				 " done_at = IF(? = 0, UTC_TIMESTAMP(3), NULL),"
				 " parked_at = IF(? = 2, UTC_TIMESTAMP(3), NULL),"
				 " due_at = UTC_TIMESTAMP(3) + INTERVAL ? * 1000 MICROSECOND"
				 " WHERE id = ? AND claimed_by = ? AND attempts = ?";

int64_t outbox_pause_ms(int attempt, uint32_t random)
{
	int64_t whole = 1000 *
			(int64_t)lease_pause_s(OUTBOX_PAUSE_FIRST_S, OUTBOX_PAUSE_MAX_S, attempt);

	return whole - random % (whole / 2);
}

static int64_t pause_ms(const struct outbox_row *row, enum service_result result)
{
	uint32_t random;

	random_bytes(&random, sizeof(random));
	int64_t pause = outbox_pause_ms(row->attempt, random);

	return pause > classes[result].pause_min_ms ? pause : classes[result].pause_min_ms;
}

bool outbox_settle(struct db *db, const struct outbox_row *row, enum service_result result,
		   const struct service_report *report)
{
	enum fate fate = classes[result].fate;
	const char *detail = *report->detail ? report->detail : NULL; /* also of what is done */

	if (fate == AGAIN && row->attempt >= OUTBOX_ATTEMPTS_MAX)
		fate = PARKED;
	long changed = db_exec(
		db, settle_sql,
		DB_ARGS(db_text(service_result_names[result]), db_text(detail), db_int(fate),
			db_int(fate), db_int(fate == AGAIN ? pause_ms(row, result) : 0),
			db_int(row->id), db_text(row->worker), db_int(row->attempt)));
	log_line(classes[result].level,
		 fate == DONE  ? "outbox.done" :
		 fate == AGAIN ? "outbox.again" :
				 "outbox.parked",
		 "row=%lld kind=%s attempt=%d class=%s code=%ld%s", (long long)row->id, row->kind,
		 row->attempt, service_result_names[result], report->code,
		 changed ? "" : " lease=over");
	return changed != 0;
}
