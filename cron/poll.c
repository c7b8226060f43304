/* poll.c: cron/poll: what came of payments and refunds: books the notices that
 * push/wechatpay kept, and asks WeChat Pay about what no notice came for.
 *
 * A shift (shift.h): started each minute by cron, on as many machines as there
 * are; TERM ends it after the call that is under way. */
#include "poll.h"

#include "base/die.h"
#include "base/log.h"
#include "shift.h"

#define SWEEP_S 10

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

/* Notices wait for no call; of the calls one is made at a time. */
static bool work(void *context)
{
	struct poll *w = context;
	bool any = false;

	while (!shift_is_over() && notice_next(w))
		any = true;
	if (!shift_is_over())
		any |= order_next(w);
	if (!shift_is_over())
		any |= refund_next(w);
	return any || (!shift_is_over() && notice_again(w));
}

static void sweep(void *context)
{
	pay_refund_sweep(((const struct poll *)context)->db);
}

static void run(const struct config *config, long seconds)
{
	struct buffer why = BUFFER_INIT;
	struct wechatpay_merchant *merchant;
	struct wechatpay_keys *keys;
	struct poll w = { .config = config };
	const struct shift shift = {
		.work = work,
		.sweep = sweep,
		.sweep_s = SWEEP_S,
		.context = &w,
	};

	if (!wechatpay_configured(config))
		return;
	w.merchant = merchant = wechatpay_open(config, &why);
	if (!merchant || !wechatpay_apiv3_key(config, w.apiv3_key))
		die("WeChat Pay: %s", buffer_text(&why));
	w.keys = keys = wechatpay_keys_open(config);
	w.db = db_open(config, DB_CRON);
	shift_work(&shift, seconds);
	db_close(w.db);
	wechatpay_keys_free(keys);
	wechatpay_close(merchant);
	explicit_bzero(w.apiv3_key, sizeof(w.apiv3_key));
	buffer_release(&why);
}

int main(int argc, char **argv)
{
	long seconds = shift_begin("cron/poll", argc, argv);

	if (seconds < 0)
		return 2;
	run(config_open(), seconds);
	return 0;
}
