/* wechatpay-call.h: one signed call of WeChat Pay and what its answer means; for
 * the files of wechatpay.h. */
#ifndef SERVICE_WECHATPAY_CALL_H
#define SERVICE_WECHATPAY_CALL_H

#include <jansson.h>

#include "service/http.h"
#include "service/wechatpay.h"

struct wechatpay_merchant {
	const struct config *config;
	const char *appid, *mchid, *serial, *key_id; /* of the config; key_id: "" if none */
	struct wechatpay_signer *signer;
	struct wechatpay_keys *keys;
	uint8_t apiv3_key[WECHATPAY_APIV3_KEY_SIZE];
};

/* The headers of an answer that count, as places in wechatpay_answer.field. */
enum { FIELD_SIGNATURE, FIELD_TIMESTAMP, FIELD_NONCE, FIELD_SERIAL, FIELD_REQUEST_ID, FIELD_COUNT };

struct wechatpay_answer {
	enum http_result sent;
	struct http_answer http;
	struct http_field field[FIELD_COUNT];
};

/* Signs and sends once; no judgement yet. body NULL: GET. The answer's buffer is
 * the caller's to release. */
void wechatpay_send(const struct wechatpay_merchant *, const char *url, const char *body,
		    size_t body_max, struct wechatpay_answer *);
enum wechatpay_verdict wechatpay_judge(const struct wechatpay_keys *,
				       const struct wechatpay_answer *);
/* What an answer means, its verdict being known; fills the report. */
enum service_result wechatpay_meaning(const struct wechatpay_answer *, enum wechatpay_verdict,
				      struct wechatpay_report *) MUST_USE;
/* Something verified that is not what the interface says. */
enum service_result wechatpay_nonsense(const char *what, struct wechatpay_report *) MUST_USE;

/* The usual way: PATH under wechatpay_api_url, verified, a probe repeated once,
 * failures logged as `what`. The bytes of the answer are appended with OK. */
enum service_result wechatpay_call(const struct wechatpay_merchant *, const char *what,
				   const char *path, const json_t *body, struct buffer *answer,
				   struct wechatpay_report *) MUST_USE;
void wechatpay_log(const char *what, enum service_result, const struct wechatpay_report *);
/* The caller's arguments are no good: nothing is sent. */
enum service_result wechatpay_refuse(const char *field, struct wechatpay_report *) MUST_USE;

#endif
