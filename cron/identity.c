/* identity.c: the worker that finds out how identity checks ended: normalises
 * recordings, asks the face service, ends what nobody goes on with.
 *
 * A shift (shift.h); each attempt is taken by one worker (identity_claim), and by
 * another when that one dies. */
#include "identity/provider.h"

#include "base/log.h"
#include "shift.h"

#define SWEEP_S 15

struct worker {
	const struct config *config;
	struct db *db;
	struct vault *vault;
};

static bool work(void *context)
{
	const struct worker *w = context;
	struct identity_work work = { .config = w->config, .db = w->db, .vault = w->vault };
	const struct identity_provider *provider;
	struct identity_finding finding;

	if (!identity_claim(&work))
		return false;
	provider = identity_provider_of(w->config, work.attempt.method);
	if (!provider || !provider->fetch) {
		/* Not set up any more: it waits for the end of its lease, and for us. */
		log_line(LOG_FAULT, "identity.no_provider", "attempt=%lld",
			 (long long)work.attempt.id);
		return true;
	}
	identity_finding_init(&finding);
	provider->fetch(&work, &finding);
	identity_settle(&work, provider, &finding);
	identity_finding_release(&finding);
	return true;
}

static int wait_s(void *context)
{
	return identity_wait_s(((const struct worker *)context)->db, 1);
}

static void sweep(void *context)
{
	identity_sweep(((const struct worker *)context)->db);
}

int main(int argc, char **argv)
{
	struct worker w = { 0 };
	const struct shift shift = {
		.work = work,
		.wait_s = wait_s,
		.sweep = sweep,
		.sweep_s = SWEEP_S,
		.context = &w,
	};
	long seconds = shift_begin("cron/identity", argc, argv);

	if (seconds < 0)
		return 2;
	w.config = config_open();
	w.db = db_open(w.config, DB_CRON);
	w.vault = vault_open(w.config);
	shift_work(&shift, seconds);
	vault_close(w.vault);
	db_close(w.db);
	return 0;
}
