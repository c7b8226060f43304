/* identity.c: cron/identity: normalises recordings, asks the face service for its
 * results and ends abandoned attempts.
 *
 * It is a worker (worker.h). identity_claim() gives each attempt to one worker; when
 * that worker dies, another gets the attempt after the lease. */
#include "identity/provider.h"

#include "base/log.h"
#include "fault/fault.h"
#include "worker.h"

#define UPKEEP_S 15
#define JOB "identity"
#define ATTEMPTS_MAX 5 /* within eight minutes, since the applicant waits */

struct job {
	const struct config *config;
	struct db *db;
	struct vault *vault;
	bool failed; /* job_fault has a row of this job */
};

static void done(const struct job *w, int64_t attempt)
{
	char item[24];

	snprintf(item, sizeof(item), "%lld", (long long)attempt);
	if (w->failed)
		fault_clear(w->db, JOB, item);
	guard_drop();
}

static bool work(void *context)
{
	const struct job *w = context;
	struct identity_work work = { .config = w->config, .db = w->db, .vault = w->vault };
	const struct identity_provider *provider;
	struct identity_finding finding;

	if (!identity_claim(&work))
		return false;
	guard_take_id(JOB, work.attempt.id);
	provider = identity_provider_of(w->config, work.attempt.method);
	if (!provider || !provider->fetch) {
		/* The config has no such provider any more: the attempt waits for its lease to
		 * end and for the config to be mended. */
		log_line(LOG_FAULT, "identity.no_provider", "attempt=%lld",
			 (long long)work.attempt.id);
		guard_drop();
		return true;
	}
	identity_finding_init(&finding);
	provider->fetch(&work, &finding);
	identity_settle(&work, provider, &finding);
	identity_finding_release(&finding);
	done(w, work.attempt.id);
	return true;
}

static void open_all(void *context)
{
	struct job *w = context;

	w->db = db_open(w->config, DB_CRON);
	w->vault = vault_open(w->config);
	w->failed = fault_any(w->db, JOB);
}

static void close_all(void *context)
{
	struct job *w = context;

	vault_close(w->vault);
	db_close(w->db);
}

/* After the last try the attempt ends and the applicant is asked to begin again. */
static void lost(void *context, const struct guard_hand *hand)
{
	struct job *w = context;
	int64_t attempt = strtoll(hand->item, NULL, 10);
	bool lapse = !strcmp(hand->job, IDENTITY_FAULT_LAPSE);
	const struct fault fault = {
		.job = hand->job,
		.item = hand->item,
		.class = hand->class,
		.reason = hand->reason,
		.attempts_max = lapse ? FAULT_ATTEMPTS_MAX : ATTEMPTS_MAX,
	};

	w->failed = true;
	if (lapse)
		fault_count(w->db, &fault);
	else if (fault_count(w->db, &fault))
		identity_give_up(w->db, attempt);
	else
		identity_ask_in(w->db, attempt, fault_pause_s(w->db, JOB, hand->item));
}

static int wait_s(void *context)
{
	return identity_wait_s(((const struct job *)context)->db, 1);
}

static void upkeep_of(int64_t attempt)
{
	if (attempt)
		guard_take_id(IDENTITY_FAULT_LAPSE, attempt);
	else
		guard_drop();
}

static void upkeep(void *context)
{
	identity_upkeep(((const struct job *)context)->db, upkeep_of);
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
		.upkeep = upkeep,
		.upkeep_s = UPKEEP_S,
		.context = &w,
	};
	long seconds = worker_begin("cron/identity", argc, argv);

	if (seconds < 0)
		return 2;
	w.config = config_open();
	return worker_run(&worker, seconds);
}
