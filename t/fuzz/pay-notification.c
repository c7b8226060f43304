/* pay-notification.c: what WeChat Pay says after verification: as a notification, as what its
 * resource holds, and as the answers to queries. */
#include "service/wechatpay-notification.h"

#include "base/alloc.h"

#define KEY ((const uint8_t *)"0123456789abcdef0123456789abcdef")

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_trade(const struct wechatpay_trade *t)
{
	must(t->state < WECHATPAY_TRADE_STATE_COUNT && wechatpay_trade_no_good(t->out_trade_no));
	must(*t->appid && *t->mchid);
	must(t->total_fen >= 0 && t->total_fen <= WECHATPAY_FEN_MAX);
	must(t->payer_total_fen >= 0 && t->payer_total_fen <= WECHATPAY_FEN_MAX);
	if (t->state == WECHATPAY_TRADE_SUCCESS || t->state == WECHATPAY_TRADE_REFUND)
		must(*t->transaction_id && *t->currency && *t->success_time);
}

static void check_refund(const struct wechatpay_refund *r)
{
	must(r->status < WECHATPAY_REFUND_STATUS_COUNT &&
	     wechatpay_refund_no_good(r->out_refund_no) &&
	     wechatpay_trade_no_good(r->out_trade_no));
	must(r->refund_fen >= 0 && r->refund_fen <= WECHATPAY_FEN_MAX);
	must(r->total_fen >= 0 && r->total_fen <= WECHATPAY_FEN_MAX);
	must(r->status != WECHATPAY_REFUND_SUCCESS || *r->success_time);
}

static void check_notification(const char *body, size_t n)
{
	struct wechatpay_notification notification;
	enum wechatpay_read read = wechatpay_notification_read(body, n, KEY, &notification);

	must(memchr(notification.id, '\0', sizeof(notification.id)) != NULL);
	if (read != WECHATPAY_READ_OK)
		must(!*notification.trade.out_trade_no && !*notification.refund.out_refund_no);
	else if (notification.event == WECHATPAY_EVENT_PAID)
		check_trade(&notification.trade);
	else
		check_refund(&notification.refund);
}

/* The bytes as a resource sealed with the right key. */
static void check_sealed(const uint8_t *data, size_t size)
{
	struct buffer sealed = BUFFER_INIT;

	wechatpay_make_seal(KEY, "0123456789ab", "", data, size, &sealed);
	for (int i = 0; i < WECHATPAY_EVENT_COUNT; i++) {
		char *body = xprintf("{\"id\":\"e\",\"event_type\":\"%s\",\"resource\":{"
				     "\"algorithm\":\"AEAD_AES_256_GCM\",\"nonce\":"
				     "\"0123456789ab\",\"ciphertext\":\"%s\"}}",
				     wechatpay_event_names[i], sealed.data);

		check_notification(body, strlen(body));
		free(body);
	}
	buffer_release(&sealed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wechatpay_trade trade;
	struct wechatpay_refund refund;
	char *text = xmemdup0(data, size);

	check_notification(text, size);
	check_sealed(data, size);
	if (wechatpay_trade_read(text, size, &trade) == WECHATPAY_READ_OK)
		check_trade(&trade);
	if (wechatpay_refund_read(text, size, &refund) == WECHATPAY_READ_OK)
		check_refund(&refund);
	free(text);
	return 0;
}
