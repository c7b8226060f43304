/* worker.c: a job that works for a while. */
#include "worker.h"

#include <signal.h>
#include <time.h>

#include "base/log.h"

#define RUN_S 55
#define RUN_MAX_S 3600

static volatile sig_atomic_t over;

static void end(int signal)
{
	(void)signal;
	over = 1;
}

bool worker_is_over(void)
{
	return over;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

long worker_begin(const char *job, int argc, char **argv)
{
	char none[] = "", *rest = none;
	long seconds = argc > 1 ? strtol(argv[1], &rest, 10) : RUN_S;

	if (argc > 2 || *rest || seconds < 0 || seconds > RUN_MAX_S) {
		fprintf(stderr,
			"usage: %s [SECONDS]   works so long (%d); 0: until nothing is due\n", job,
			RUN_S);
		return -1;
	}
	log_identify(job, "-");
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = end }, NULL);
	return seconds;
}

static void rest_until(const struct worker *w, int64_t until)
{
	do {
		if (w->wait_s && w->wait_s(w->context) <= 0)
			return;
		nanosleep(&(struct timespec){ 1, 0 }, NULL);
	} while (w->wait_s && !over && now_ms() < until);
}

static void work_until(const struct worker *w, int64_t until, bool stay)
{
	int64_t upkeep_at = w->upkeep ? now_ms() : until;

	while (!over && now_ms() < until) {
		if (w->upkeep && now_ms() >= upkeep_at) {
			w->upkeep(w->context);
			upkeep_at = now_ms() + (int64_t)w->upkeep_s * 1000;
		}
		if (w->work(w->context))
			continue;
		if (!stay)
			break;
		rest_until(w, upkeep_at < until ? upkeep_at : until);
	}
}

/* The context of the children; `until` ends the whole job. */
struct watch {
	const struct worker *worker;
	int64_t until;
	bool stay;
};

static void keep_watch(void *context, const struct guard_hand *lost)
{
	const struct watch *watch = context;
	const struct worker *w = watch->worker;

	w->open(w->context);
	if (lost)
		w->lost(w->context, lost);
	work_until(w, watch->until, watch->stay);
	w->close(w->context);
}

int worker_run(const struct worker *w, long seconds)
{
	struct watch watch = {
		.worker = w,
		.until = now_ms() + (seconds ? seconds : RUN_MAX_S) * 1000,
		.stay = seconds != 0,
	};

	return guard_run(keep_watch, &watch);
}
