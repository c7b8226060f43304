/* push/wechatpay: notifications of WeChat Pay about orders and refunds.
 *
 * A notification is verified over the bytes that came, opened to see that it can be
 * read, kept once with the headers that sign it, and answered. Nothing is booked
 * here: cron/poll does that, after verifying once more what it finds in the
 * table, and finds by asking what never came. An error answer makes WeChat try again
 * for a day, so one that is kept, or was kept before, is a success. */
#include "base/ceilings.h"

#include <time.h>

#include "base/log.h"
#include "page/page.h"
#include "pay/notification.h"
#include "service/wechatpay-notification.h"

struct push {
	struct wechatpay_keys *keys;
	uint8_t apiv3_key[WECHATPAY_APIV3_KEY_SIZE];
	struct wechatpay_signed came;
	time_t received;
};

/* The only form of a failure that the service knows. */
static void fail(struct page *p, int status, const char *why)
{
	p->reply.status = status;
	p->reply.type = "application/json";
	buffer_reset(&p->reply.body);
	buffer_puts(&p->reply.body, "{\"code\":\"FAIL\",\"message\":\"");
	buffer_puts(&p->reply.body, why);
	buffer_puts(&p->reply.body, "\"}");
}

/* Without keys no signature can be verified. */
static bool take_settings(struct page *p, struct push *push)
{
	push->keys = wechatpay_keys_open(p->config);
	if (wechatpay_keys_count(push->keys) && wechatpay_apiv3_key(p->config, push->apiv3_key))
		return true;
	log_line(LOG_FAULT, "wechatpay.unset", "no public key or no APIv3 key in the config");
	fail(p, 503, "not set up");
	return false;
}

/* A key that is not known may be new: the service tries again, and the key can
 * be fetched meanwhile. */
static enum log_level level_of(enum wechatpay_verdict verdict)
{
	return verdict == WECHATPAY_PROBE       ? LOG_INFO :
	       verdict == WECHATPAY_KEY_EXPIRED ? LOG_FAULT :
						  LOG_REFUSED;
}

static bool verify(struct page *p, struct push *push)
{
	const struct buffer *body = &p->request->body;
	enum wechatpay_verdict verdict;

	push->received = time(NULL);
	push->came = (struct wechatpay_signed){
		.timestamp = getenv("HTTP_WECHATPAY_TIMESTAMP"),
		.nonce = getenv("HTTP_WECHATPAY_NONCE"),
		.signature = getenv("HTTP_WECHATPAY_SIGNATURE"),
		.serial = getenv("HTTP_WECHATPAY_SERIAL"),
		.body = buffer_text(body),
		.body_len = body->len,
	};
	verdict = wechatpay_verify(push->keys, &push->came, push->received);
	if (verdict == WECHATPAY_VERIFIED)
		return true;
	log_line(level_of(verdict), "wechatpay.refused", "reason=%s bytes=%zu",
		 wechatpay_verdict_names[verdict], body->len);
	fail(p, 403, wechatpay_verdict_names[verdict]);
	return false;
}

/* One that has a number and opens is kept whatever it says, for people to look
 * at; sent again it would be no better. One that does not open may be sealed
 * with a key that is being changed just now. */
static bool read_notification(struct page *p, const struct push *push,
			      struct wechatpay_notification *notification, const char **event)
{
	const struct buffer *body = &p->request->body;
	enum wechatpay_read read = wechatpay_notification_read(buffer_text(body), body->len,
							       push->apiv3_key, notification);

	if (read == WECHATPAY_READ_OK) {
		*event = wechatpay_event_names[notification->event];
		return true;
	}
	log_line(LOG_FAULT, "wechatpay.unreadable", "reason=%s bytes=%zu",
		 wechatpay_read_names[read], body->len);
	*event = "";
	if (*notification->id && read != WECHATPAY_READ_BAD_SEAL)
		return true;
	fail(p, 400, wechatpay_read_names[read]);
	return false;
}

static void keep(struct page *p, const struct push *push, const char *id, const char *event)
{
	const struct buffer *body = &p->request->body;
	const struct pay_notification notification = {
		.id = id,
		.event = event,
		.signed_at = push->came.timestamp,
		.nonce = push->came.nonce,
		.signature = push->came.signature,
		.serial = push->came.serial,
		.received = push->received,
		.body = body->data,
		.body_len = body->len,
	};
	bool known = !pay_notification_keep(p->db, &notification);

	log_line(LOG_INFO, known ? "wechatpay.again" : "wechatpay.kept", "event=%s bytes=%zu",
		 event, body->len);
	p->reply.status = 204;
}

static void receive(struct page *p)
{
	struct wechatpay_notification notification = { .id = "" };
	struct push push;
	const char *event;

	if (take_settings(p, &push) && verify(p, &push) &&
	    read_notification(p, &push, &notification, &event))
		keep(p, &push, notification.id, event);
	explicit_bzero(&notification, sizeof(notification));
	explicit_bzero(push.apiv3_key, sizeof(push.apiv3_key));
	wechatpay_keys_free(push.keys);
}

static const struct page_spec spec = {
	.name = "push/wechatpay",
	.roles = PAGE_ANYONE,
	.body_max = PAY_PUSH_BODY_MAX,
	.raw_body = true,
	.submit = receive,
};

int main(void)
{
	return page_run(&spec);
}
