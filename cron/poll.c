/* poll.c: cron/poll: enters the results of payments and refunds into the ledger, from
 * stored notifications, and asks WeChat Pay where none has come.
 *
 * It is a worker (worker.h): cron starts it each minute on any number of machines; TERM
 * ends it after the current call. */
#include "poll.h"

#include "base/die.h"
#include "base/log.h"
#include "worker.h"

#define UPKEEP_S 10

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

/* Handles all notifications, then makes at most one call of each kind, so that
 * notifications never wait for slow calls. */
static bool work(void *context)
{
	struct poll *w = context;
	bool any = false;

	while (!worker_is_over() && notification_next(w))
		any = true;
	if (!worker_is_over())
		any |= order_next(w);
	if (!worker_is_over())
		any |= refund_next(w);
	return any || (!worker_is_over() && notification_again(w));
}

static void upkeep_of(int64_t application)
{
	if (application)
		guard_take_id(POLL_MOVED, application);
	else
		guard_drop();
}

static void upkeep(void *context)
{
	pay_refund_upkeep(((const struct poll *)context)->db, upkeep_of);
}

static void open_all(void *context)
{
	static const char *const jobs[] = { POLL_NOTIFICATION, POLL_ORDER, POLL_REFUND,
					    POLL_MOVED };
	struct poll *w = context;

	w->db = db_open(w->config, DB_CRON);
	w->failed = false;
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		w->failed |= fault_any(w->db, jobs[i]);
}

static void close_all(void *context)
{
	db_close(((struct poll *)context)->db);
}

static void lost(void *context, const struct guard_hand *hand)
{
	struct poll *w = context;

	w->failed = true;
	fault_count(w->db, &(struct fault){ .job = hand->job,
					    .item = hand->item,
					    .class = hand->class,
					    .reason = hand->reason,
					    .attempts_max = FAULT_ATTEMPTS_MAX });
}

void poll_done(struct poll *w, const char *job, const char *item)
{
	if (w->failed)
		fault_clear(w->db, job, item);
	guard_drop();
}

void poll_done_id(struct poll *w, const char *job, int64_t id)
{
	char item[24];

	snprintf(item, sizeof(item), "%lld", (long long)id);
	poll_done(w, job, item);
}

static int run(const struct config *config, long seconds)
{
	struct buffer why = BUFFER_INIT;
	struct wechatpay_merchant *merchant;
	struct wechatpay_keys *keys;
	struct poll w = { .config = config };
	int status;
	const struct worker worker = {
		.open = open_all,
		.close = close_all,
		.lost = lost,
		.work = work,
		.upkeep = upkeep,
		.upkeep_s = UPKEEP_S,
		.context = &w,
	};

	if (!wechatpay_configured(config))
		return 0;
	w.merchant = merchant = wechatpay_open(config, &why);
	if (!merchant || !wechatpay_apiv3_key(config, w.apiv3_key))
		die("WeChat Pay: %s", buffer_text(&why));
	w.keys = keys = wechatpay_keys_open(config);
	status = worker_run(&worker, seconds);
	wechatpay_keys_free(keys);
	wechatpay_close(merchant);
	explicit_bzero(w.apiv3_key, sizeof(w.apiv3_key));
	buffer_release(&why);
	return status;
}

int main(int argc, char **argv)
{
	long seconds = worker_begin("cron/poll", argc, argv);

	if (seconds < 0)
		return 2;
	return run(config_open(), seconds);
}
