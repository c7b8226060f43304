/* shift.c: a job that works for a while. */
#include "shift.h"

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

bool shift_is_over(void)
{
	return over;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

long shift_begin(const char *job, int argc, char **argv)
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

static void rest_until(const struct shift *s, int64_t until)
{
	do {
		if (s->wait_s && s->wait_s(s->context) <= 0)
			return;
		nanosleep(&(struct timespec){ 1, 0 }, NULL);
	} while (s->wait_s && !over && now_ms() < until);
}

static void work_until(const struct shift *s, int64_t until, bool stay)
{
	int64_t sweep_at = s->sweep ? now_ms() : until;

	while (!over && now_ms() < until) {
		if (s->sweep && now_ms() >= sweep_at) {
			s->sweep(s->context);
			sweep_at = now_ms() + (int64_t)s->sweep_s * 1000;
		}
		if (s->work(s->context))
			continue;
		if (!stay)
			break;
		rest_until(s, sweep_at < until ? sweep_at : until);
	}
}

/* What a child needs to know; the time is that of the whole shift. */
struct watch {
	const struct shift *shift;
	int64_t until;
	bool stay;
};

static void keep_watch(void *context, const struct guard_hand *lost)
{
	const struct watch *w = context;
	const struct shift *s = w->shift;

	s->open(s->context);
	if (lost)
		s->lost(s->context, lost);
	work_until(s, w->until, w->stay);
	s->close(s->context);
}

int shift_run(const struct shift *s, long seconds)
{
	struct watch w = {
		.shift = s,
		.until = now_ms() + (seconds ? seconds : RUN_MAX_S) * 1000,
		.stay = seconds != 0,
	};

	return guard_run(keep_watch, &w);
}
