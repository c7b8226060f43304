/* outbox.c: the worker: does what is promised to the outside world.
 *
 * Started each minute by cron, on as many machines as there are. Works until
 * nothing is due, looks again each second, and ends when its time is over;
 * TERM ends it after the delivery that is under way. */
#include "deliver.h"

#include <signal.h>
#include <time.h>

#include "base/log.h"
#include "notice/notice.h"

#define RUN_S 55
#define RUN_MAX_S 3600

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
	{ "face_alarm", deliver_faces },
};

static volatile sig_atomic_t ending;

static void end(int signal)
{
	(void)signal;
	ending = 1;
}

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

static bool work_once(const struct config *config, struct db *db, struct vault *vault,
		      const char *worker)
{
	struct outbox_row row;

	if (!outbox_claim(db, worker, &row))
		return false;
	struct delivery d = { .config = config, .db = db, .vault = vault, .row = &row };
	enum service_result result = find_channel(row.kind)(&d);

	outbox_settle(db, &row, result, &d.report);
	outbox_release(&row);
	return true;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* run_s 0: until nothing is due. */
static void work(const struct config *config, long run_s)
{
	struct db *db = db_open(config, DB_CRON);
	struct vault *vault = vault_open(config);
	int64_t until = now_ms() + (run_s ? run_s : RUN_MAX_S) * 1000;
	char worker[OUTBOX_WORKER_MAX + 1];

	outbox_worker_name(worker);
	while (!ending && now_ms() < until) {
		if (work_once(config, db, vault, worker))
			continue;
		if (!run_s)
			break;
		while (!ending && now_ms() < until && outbox_wait_s(db, 1) > 0)
			nanosleep(&(struct timespec){ 1, 0 }, NULL);
	}
	vault_close(vault);
	db_close(db);
}

int main(int argc, char **argv)
{
	char none[] = "", *rest = none;
	long run_s = argc > 1 ? strtol(argv[1], &rest, 10) : RUN_S;

	if (argc > 2 || *rest || run_s < 0 || run_s > RUN_MAX_S) {
		fputs("usage: outbox [SECONDS]   works so long (55); 0: until nothing is due\n",
		      stderr);
		return 2;
	}
	log_identify("cron/outbox", "-");
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = end }, NULL);
	work(config_open(), run_s);
	return 0;
}
