/* outbox.c: cron/outbox: delivers the rows of the outbox.
 *
 * It is a worker (worker.h): cron starts it each minute on any number of machines; TERM
 * ends it after the current delivery. */
#include "deliver.h"

#include "message/message.h"
#include "worker.h"

static deliver_fn deliver_nowhere;

/* Kinds with a function of their own; all others are messages to the applicant. */
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

/* Parks a row of an unknown kind, which the page admin/outbox then shows. */
static enum service_result deliver_nowhere(struct delivery *d)
{
	return deliver_failed(d, SERVICE_ALARM, "no channel for this kind");
}

static deliver_fn *find_channel(const char *kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(channels); i++)
		if (strcmp(channels[i].kind, kind) == 0)
			return channels[i].deliver;
	return message_known(kind) ? deliver_message : deliver_nowhere;
}

struct job {
	const struct config *config;
	struct db *db;
	struct vault *vault;
	char name[OUTBOX_WORKER_MAX + 1];
};

static void take_in_hand(const struct outbox_row *row)
{
	char id[24];

	snprintf(id, sizeof(id), "%lld", (long long)row->id);
	guard_take("outbox", id, row->kind, row->attempt);
}

static bool work(void *context)
{
	const struct job *w = context;
	struct outbox_row row;

	if (!outbox_claim(w->db, w->name, &row))
		return false;
	take_in_hand(&row);
	struct delivery d = { .config = w->config, .db = w->db, .vault = w->vault, .row = &row };
	enum service_result result = find_channel(row.kind)(&d);

	outbox_settle(w->db, &row, result, &d.report);
	guard_drop();
	outbox_release(&row);
	return true;
}

static void open_all(void *context)
{
	struct job *w = context;

	w->db = db_open(w->config, DB_CRON);
	w->vault = vault_open(w->config);
}

static void close_all(void *context)
{
	struct job *w = context;

	vault_close(w->vault);
	db_close(w->db);
}

/* The row is still claimed by this worker: all children share its name. */
static void lost(void *context, const struct guard_hand *hand)
{
	const struct job *w = context;
	struct service_report report = { 0 };
	char kind[sizeof(hand->kind)];
	struct outbox_row row = {
		.id = strtoll(hand->item, NULL, 10),
		.kind = kind,
		.attempt = hand->attempt,
		.worker = w->name,
	};

	snprintf(kind, sizeof(kind), "%s", hand->kind);
	snprintf(report.detail, sizeof(report.detail), "%s: %s", hand->class, hand->reason);
	outbox_settle(w->db, &row, hand->unavailable ? SERVICE_UNKNOWN : SERVICE_FAULT, &report);
}

static int wait_s(void *context)
{
	return outbox_wait_s(((const struct job *)context)->db, 1);
}

int main(int argc, char **argv)
{
	struct job w = { 0 };
	const struct worker worker = {
		.open = open_all,
		.close = close_all,
		.lost = lost,
		.work = work,
		.wait_s = wait_s,
		.context = &w,
	};
	long seconds = worker_begin("cron/outbox", argc, argv);

	if (seconds < 0)
		return 2;
	w.config = config_open();
	outbox_worker_name(w.name);
	return worker_run(&worker, seconds);
}
