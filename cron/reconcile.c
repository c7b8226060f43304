/* reconcile.c: cron/reconcile: fetches WeChat Pay's bills of past days and compares
 * them with the ledger. Cron starts it each hour: a bill is published at 10 o'clock in
 * China, and days that were missed are fetched later. */
#include "base/base.h"

#include "base/log.h"
#include "reconcile/reconcile.h"
#include "guard.h"
#include "service/wechatpay.h"

#define JOB "cron/reconcile"
#define NOT_READY_S (30 * 60)
#define TROUBLE_S (10 * 60)
#define UNREAD_S (60 * 60)

/* A bill that cannot be verified or parsed is not compared; the desk gets a mail. */
static void read_bill(struct db *db, const char *day, const struct buffer *csv)
{
	struct wechatpay_bill bill;
	enum wechatpay_bill_result read = wechatpay_bill_read(csv->data, csv->len, &bill);
	char why[64];

	if (read == WECHATPAY_BILL_OK) {
		reconcile_day_read(db, day, &bill, csv->data, csv->len);
	} else {
		snprintf(why, sizeof(why), "bill %s line %zu", wechatpay_bill_result_names[read],
			 bill.line);
		reconcile_day_failed(db, day, why, UNREAD_S, true);
	}
	wechatpay_bill_release(&bill);
}

static void not_fetched(struct db *db, const char *day, enum service_result result,
			const struct wechatpay_report *report)
{
	bool alarm = result == SERVICE_ALARM || result == SERVICE_PERMANENT ||
		     report->reason == WECHATPAY_UNVERIFIED || report->reason == WECHATPAY_NONSENSE;

	if (report->reason == WECHATPAY_BILL_NOT_READY)
		reconcile_day_failed(db, day, "bill_not_ready", NOT_READY_S, false);
	else
		reconcile_day_failed(db, day, wechatpay_reason_names[report->reason],
				     alarm ? UNREAD_S : TROUBLE_S, alarm);
}

static void fetch(struct db *db, const struct wechatpay_merchant *merchant, const char *day)
{
	struct wechatpay_report report = { 0 };
	struct buffer csv = BUFFER_INIT;
	enum service_result result = wechatpay_bill(merchant, day, &csv, &report);

	if (result != SERVICE_OK)
		not_fetched(db, day, result, &report);
	else if (report.reason == WECHATPAY_NO_STATEMENT)
		reconcile_day_read(db, day, NULL, NULL, 0);
	else
		read_bill(db, day, &csv);
	buffer_release(&csv);
}

static int work(const struct config *config, struct db *db)
{
	struct buffer why = BUFFER_INIT;
	struct wechatpay_merchant *merchant = wechatpay_open(config, &why);
	char day[RECONCILE_DAY_LEN + 1];

	if (!merchant)
		log_line(LOG_FAULT, "reconcile.merchant", "%s", buffer_text(&why));
	buffer_release(&why);
	if (!merchant)
		return 1;
	reconcile_days_open(db);
	while (reconcile_day_claim(db, day)) {
		guard_take(JOB, day, "", 0);
		fetch(db, merchant, day);
		guard_drop();
	}
	wechatpay_close(merchant);
	return 0;
}

/* The desk gets a mail about a day whose bill ended a process; the day is retried. */
static void work_all(void *context, const struct guard_hand *lost)
{
	struct db *db = db_open(context, DB_CRON);
	char why[100];
	int status;

	if (lost) {
		snprintf(why, sizeof(why), "%s %.80s", lost->class, lost->reason);
		reconcile_day_failed(db, lost->item, why, UNREAD_S, !lost->unavailable);
	}
	status = work(context, db);
	db_close(db);
	if (status)
		exit(status);
}

int main(void)
{
	struct config *config = config_open();

	log_identify(JOB, "-");
	return wechatpay_configured(config) ? guard_run(work_all, config) : 0;
}
