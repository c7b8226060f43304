/* poll.c: cron/poll: what came of payments and refunds: books the notices that
 * push/wechatpay kept, and asks WeChat Pay about what no notice came for.
 *
 * Started each minute by cron, on as many machines as there are. Works until
 * nothing is due, looks again each second, and ends when its time is over;
 * TERM ends it after the call that is under way. */
#include "poll.h"

#include <signal.h>
#include <time.h>

#include "base/die.h"
#include "base/log.h"

#define RUN_S 55
#define RUN_MAX_S 3600
#define SWEEP_MS 10000

static volatile sig_atomic_t ending;

static void end(int signal)
{
	(void)signal;
	ending = 1;
}

void poll_failed(struct poll *w, const char *what, int64_t id, enum service_result result,
		 const struct wechatpay_report *report)
{
	bool alarm = result == SERVICE_ALARM;

	if (!alarm || !w->alarmed)
		log_line(alarm ? LOG_FAULT : LOG_INFO, alarm ? "poll.alarm" : "poll.failed",
			 "call=%s id=%lld result=%s reason=%s %s", what, (long long)id,
			 service_result_names[result], wechatpay_reason_names[report->reason],
			 report->service.detail);
	w->alarmed |= alarm;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Notices wait for no call; of the calls one is made at a time. */
static bool work_once(struct poll *w)
{
	bool any = false;

	while (!ending && notice_next(w))
		any = true;
	if (!ending)
		any |= order_next(w);
	if (!ending)
		any |= refund_next(w);
	return any || (!ending && notice_again(w));
}

/* run_s 0: until nothing is due. */
static void work(struct poll *w, long run_s)
{
	int64_t until = now_ms() + (run_s ? run_s : RUN_MAX_S) * 1000, sweep_at = 0;

	while (!ending && now_ms() < until) {
		if (now_ms() >= sweep_at) {
			pay_refund_sweep(w->db);
			sweep_at = now_ms() + SWEEP_MS;
		}
		if (work_once(w))
			continue;
		if (!run_s)
			break;
		nanosleep(&(struct timespec){ 1, 0 }, NULL);
	}
}

static int run(const struct config *config, long run_s)
{
	struct buffer why = BUFFER_INIT;
	struct wechatpay_merchant *merchant;
	struct poll w = { .config = config };

	if (!wechatpay_configured(config))
		return 0;
	w.merchant = merchant = wechatpay_open(config, &why);
	if (!merchant || !wechatpay_apiv3_key(config, w.apiv3_key))
		die("WeChat Pay: %s", buffer_text(&why));
	w.db = db_open(config, DB_CRON);
	work(&w, run_s);
	db_close(w.db);
	wechatpay_close(merchant);
	explicit_bzero(w.apiv3_key, sizeof(w.apiv3_key));
	buffer_release(&why);
	return 0;
}

int main(int argc, char **argv)
{
	char none[] = "", *rest = none;
	long run_s = argc > 1 ? strtol(argv[1], &rest, 10) : RUN_S;

	if (argc > 2 || *rest || run_s < 0 || run_s > RUN_MAX_S) {
		fputs("usage: poll [SECONDS]   works so long (55); 0: until nothing is due\n",
		      stderr);
		return 2;
	}
	log_identify("cron/poll", "-");
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = end }, NULL);
	return run(config_open(), run_s);
}
