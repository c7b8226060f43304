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

static void rest_until(const struct worker *s, int64_t until)
{
	do {
		if (s->wait_s && s->wait_s(s->context) <= 0)
			return;
		nanosleep(&(struct timespec){ 1, 0 }, NULL);
	} while (s->wait_s && !over && now_ms() < until);
}

static void work_until(const struct worker *s, int64_t until, bool stay)
{
	int64_t upkeep_at = s->upkeep ? now_ms() : until;

	while (!over && now_ms() < until) {
		if (s->upkeep && now_ms() >= upkeep_at) {
			s->upkeep(s->context);
			upkeep_at = now_ms() + (int64_t)s->upkeep_s * 1000;
		}
		if (s->work(s->context))
			continue;
		if (!stay)
			break;
		rest_until(s, upkeep_at < until ? upkeep_at : until);
	}
}

/* What a child needs to know; the time is that of the whole job. */
struct watch {
	const struct worker *worker;
	int64_t until;
	bool stay;
};

static void keep_watch(void *context, const struct guard_hand *lost)
{
	const struct watch *w = context;
	const struct worker *s = w->worker;

	s->open(s->context);
	if (lost)
		s->lost(s->context, lost);
	work_until(s, w->until, w->stay);
	s->close(s->context);
}

int worker_run(const struct worker *s, long seconds)
{
	struct watch w = {
		.worker = s,
		.until = now_ms() + (seconds ? seconds : RUN_MAX_S) * 1000,
		.stay = seconds != 0,
	};

	return guard_run(keep_watch, &w);
}
