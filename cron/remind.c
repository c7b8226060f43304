/* remind.c: cron/remind: writes a reminder to the outbox for a draft that has not
 * changed for three days, and another one after ten. The deadline ends the draft
 * later (expire.c). */
#include "batch.h"

#include "case/due.h"
#include "outbox/outbox.h"

static bool remind(struct db *db, struct db_result *row)
{
	struct case_forgotten draft;
	char key[64], payload[32];

	case_forgotten_row(row, &draft);
	snprintf(key, sizeof(key), "remind-%lld-%d", (long long)draft.id, draft.days);
	snprintf(payload, sizeof(payload), "{\"days\":%d}", draft.days);
	return outbox_add(db, "reminder", draft.id, key, payload);
}

int main(void)
{
	return batch_run(&(struct batch){
		.job = "cron/remind",
		.done = "remind.done",
		.list = case_forgotten,
		.rows = 500,
		.act = remind,
	});
}
