/* wechatpay-call.c: one call of WeChat Pay by hand, for a test. Prints result,
 * reason and detail, then what the call gave, all parted by "|". */
#include "service/wechatpay.h"

#include <stdio.h>
#include <time.h>

#include "base/alloc.h"
#include "service/wechatpay-bill.h"

#define BODY_MAX 65536

static struct wechatpay_report report;

static void tell(enum service_result result)
{
	printf("%s|%s|%s|", service_result_names[result], wechatpay_reason_names[report.reason],
	       report.service.detail);
}

/* prepay KIND NUMBER FEN OPENID-OR-IP [TIME-EXPIRE] */
static void do_prepay(const struct wechatpay_merchant *m, char **argv)
{
	struct buffer ticket = BUFFER_INIT;
	struct wechatpay_order order = { .description = "证书申请费", .out_trade_no = argv[1] };

	while (order.kind < WECHATPAY_KIND_COUNT - 1 &&
	       strcmp(wechatpay_kind_names[order.kind], argv[0]) != 0)
		order.kind++;
	order.total_fen = strtoll(argv[2], NULL, 10);
	order.openid = order.client_ip = argv[3];
	order.h5_type = "Wap";
	order.time_expire = argv[4];
	tell(wechatpay_prepay(m, &order, &ticket, &report));
	printf("%s\n", buffer_text(&ticket));
	buffer_release(&ticket);
}

static void do_page(const struct wechatpay_merchant *m, char **argv)
{
	struct wechatpay_page page;

	if (!wechatpay_page_make(m, argv[0], &page))
		exit(2);
	printf("appId=%s\ntimeStamp=%s\nnonceStr=%s\npackage=%s\nsignType=%s\npaySign=%s\n",
	       page.app_id, page.time_stamp, page.nonce_str, page.package, page.sign_type,
	       page.pay_sign);
}

static void do_query(const struct wechatpay_merchant *m, char **argv)
{
	struct wechatpay_trade trade;

	tell(wechatpay_query(m, argv[0], &trade, &report));
	printf("%s|%lld|%s|%s|%s\n", wechatpay_trade_state_names[trade.state],
	       (long long)trade.total_fen, trade.currency, trade.transaction_id, trade.trade_type);
}

static void do_close(const struct wechatpay_merchant *m, char **argv)
{
	tell(wechatpay_close_order(m, argv[0], &report));
	puts("");
}

static void tell_refund(enum service_result result, const struct wechatpay_refund *refund)
{
	tell(result);
	printf("%s|%lld|%lld|%s\n", wechatpay_refund_status_names[refund->status],
	       (long long)refund->refund_fen, (long long)refund->total_fen, refund->refund_id);
}

/* refund NUMBER REFUND-NUMBER FEN TOTAL */
static void do_refund(const struct wechatpay_merchant *m, char **argv)
{
	const struct wechatpay_refund_order order = { argv[0], argv[1], "审核未通过",
						      strtoll(argv[2], NULL, 10),
						      strtoll(argv[3], NULL, 10) };
	struct wechatpay_refund refund;
	enum service_result result = wechatpay_refund(m, &order, &refund, &report);

	tell_refund(result, &refund);
}

static void do_refund_query(const struct wechatpay_merchant *m, char **argv)
{
	struct wechatpay_refund refund;
	enum service_result result = wechatpay_refund_query(m, argv[0], &refund, &report);

	tell_refund(result, &refund);
}

static void do_bill(const struct wechatpay_merchant *m, char **argv)
{
	struct buffer csv = BUFFER_INIT;
	struct wechatpay_bill bill = { 0 };

	tell(wechatpay_bill(m, argv[0], &csv, &report));
	if (csv.len)
		printf("%s|",
		       wechatpay_bill_result_names[wechatpay_bill_read(csv.data, csv.len, &bill)]);
	printf("%zu|%lld|%lld\n", bill.count, (long long)bill.total_fen,
	       (long long)bill.refund_fen);
	for (size_t i = 0; i < bill.count; i++)
		printf("%s|%s|%d|%lld|%lld|%lld\n", bill.row[i].out_trade_no,
		       bill.row[i].out_refund_no, (int)bill.row[i].state,
		       (long long)bill.row[i].total_fen, (long long)bill.row[i].refund_fen,
		       (long long)bill.row[i].fee_fen);
	wechatpay_bill_release(&bill);
	buffer_release(&csv);
}

/* notification TIMESTAMP NONCE SERIAL SIGNATURE, the body on standard input */
static void do_notification(const struct config *config, char **argv)
{
	char *body = xmalloc(BODY_MAX);
	size_t n = fread(body, 1, BODY_MAX, stdin);
	const struct wechatpay_signed s = { argv[0], argv[1], argv[3], argv[2], body, n };
	struct wechatpay_keys *keys = wechatpay_keys_open(config);
	uint8_t key[WECHATPAY_APIV3_KEY_SIZE];
	struct wechatpay_notification notification;

	if (!wechatpay_apiv3_key(config, key))
		exit(2);
	printf("%s|", wechatpay_verdict_names[wechatpay_verify(keys, &s, time(NULL))]);
	printf("%s|",
	       wechatpay_read_names[wechatpay_notification_read(body, n, key, &notification)]);
	printf("%s|%s|%s%s|%lld|%s\n", notification.id, wechatpay_event_names[notification.event],
	       notification.trade.out_trade_no, notification.refund.out_refund_no,
	       (long long)(notification.trade.total_fen + notification.refund.refund_fen),
	       notification.trade.currency);
	wechatpay_keys_free(keys);
	free(body);
}

static const struct {
	const char *name;
	int least;
	void (*run)(const struct wechatpay_merchant *, char **argv);
} calls[] = {
	{ "prepay", 4, do_prepay }, { "page", 1, do_page },
	{ "query", 1, do_query },   { "close", 1, do_close },
	{ "refund", 4, do_refund }, { "refund-query", 1, do_refund_query },
	{ "bill", 1, do_bill },
};

int main(int argc, char **argv)
{
	struct config *config = config_open();
	struct buffer why = BUFFER_INIT;
	struct wechatpay_merchant *m = wechatpay_open(config, &why);

	if (!m)
		fprintf(stderr, "%s\n", why.data);
	if (argc == 6 && !strcmp(argv[1], "notification"))
		do_notification(config, argv + 2);
	for (size_t i = 0; m && argc > 1 && i < ARRAY_SIZE(calls); i++)
		if (!strcmp(argv[1], calls[i].name) && argc - 2 >= calls[i].least)
			calls[i].run(m, argv + 2);
	wechatpay_close(m);
	buffer_release(&why);
	config_free(config);
	return m ? 0 : 1;
}
