/* outbox.c: the worker: does what is promised to the outside world.
 *
 * A shift (shift.h): started each minute by cron, on as many machines as there
 * are; TERM ends it after the delivery that is under way. */
#include "deliver.h"

#include "notice/notice.h"
#include "shift.h"

static deliver_fn deliver_nowhere;

/* The kinds that are more than a notice to the applicant. */
static const struct {
	const char *kind;
	deliver_fn *deliver;
} channels[] = {
	{ "forms_mail", deliver_forms },          { "refund", deliver_refund },
	{ "refund_send", deliver_refund_send },   { "invoice", deliver_invoice },
	{ "invoice_mail", deliver_invoice_mail }, { "invoice_red_mail", deliver_invoice_mail },
	{ "differences", deliver_differences },   { "escalated", deliver_desk },
	{ "face_alarm", deliver_faces },          { "notice_alarm", deliver_unproven },
};

enum service_result deliver_failed(struct delivery *d, enum service_result result, const char *why)
{
	snprintf(d->report.detail, sizeof(d->report.detail), "%s", why);
	return result;
}

/* Kept, and in an admin's sight, until there is a way for it. */
static enum service_result deliver_nowhere(struct delivery *d)
{
	return deliver_failed(d, SERVICE_ALARM, "no channel for this kind");
}

static deliver_fn *find_channel(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(channels); i++)
		if (strcmp(channels[i].kind, kind) == 0)
			return channels[i].deliver;
	return notice_known(kind) ? deliver_notice : deliver_nowhere;
}

struct worker {
	const struct config *config;
	struct db *db;
	struct vault *vault;
	char name[OUTBOX_WORKER_MAX + 1];
};

static bool work(void *context)
{
	const struct worker *w = context;
	struct outbox_row row;

	if (!outbox_claim(w->db, w->name, &row))
		return false;
	struct delivery d = { .config = w->config, .db = w->db, .vault = w->vault, .row = &row };
	enum service_result result = find_channel(row.kind)(&d);

	outbox_settle(w->db, &row, result, &d.report);
	outbox_release(&row);
	return true;
}

static int wait_s(void *context)
{
	return outbox_wait_s(((const struct worker *)context)->db, 1);
}

int main(int argc, char **argv)
{
	struct worker w = { 0 };
	const struct shift shift = { .work = work, .wait_s = wait_s, .context = &w };
	long seconds = shift_begin("cron/outbox", argc, argv);

	if (seconds < 0)
		return 2;
	w.config = config_open();
	w.db = db_open(w.config, DB_CRON);
	w.vault = vault_open(w.config);
	outbox_worker_name(w.name);
	shift_work(&shift, seconds);
	vault_close(w.vault);
	db_close(w.db);
	return 0;
}
