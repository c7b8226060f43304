/* identity.c: the worker that finds out how identity checks ended: normalises
 * recordings, asks the face service, ends what nobody goes on with.
 *
 * Started each minute by cron, on as many machines as there are; each attempt
 * is taken by one (identity_claim), and by another when that one dies. */
#include "identity/provider.h"

#include <signal.h>
#include <time.h>

#include "base/log.h"

#define RUN_S 55
#define RUN_MAX_S 3600
#define SWEEP_S 15

static volatile sig_atomic_t ending;

static void end(int signal)
{
	(void)signal;
	ending = 1;
}

static bool work_once(const struct config *config, struct db *db, struct vault *vault)
{
	struct identity_work work = { .config = config, .db = db, .vault = vault };
	const struct identity_provider *provider;
	struct identity_finding finding;

	if (!identity_claim(&work))
		return false;
	provider = identity_provider_of(config, work.attempt.method);
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
	int64_t until = now_ms() + (run_s ? run_s : RUN_MAX_S) * 1000, swept = 0;

	while (!ending && now_ms() < until) {
		if (!swept || now_ms() - swept >= SWEEP_S * 1000) {
			identity_sweep(db);
			swept = now_ms();
		}
		if (work_once(config, db, vault))
			continue;
		if (!run_s)
			break;
		if (identity_wait_s(db, 1) > 0)
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
		fputs("usage: identity [SECONDS]   works so long (55); 0: until nothing is due\n",
		      stderr);
		return 2;
	}
	log_identify("cron/identity", "-");
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = end }, NULL);
	work(config_open(), run_s);
	return 0;
}
