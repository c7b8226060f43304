/* wechat-call.h: one call of the official account's interface, with its token.
 * For the files of wechat-account.h; a caller's JSON goes out as UTF-8. */
#ifndef SERVICE_WECHAT_CALL_H
#define SERVICE_WECHAT_CALL_H

#include <jansson.h>

#include "service/wechat-account.h"

/* Sends `body` (NULL: GET) to PATH with an access_token; the path may have a
 * query of its own. The answer is the caller's to json_decref(), NULL unless
 * the result is OK. */
enum service_result wechat_call(const struct wechat_account *, const char *path, const json_t *body,
				json_t **answer, struct service_report *) MUST_USE;

/* The same without a token, for the call that fetches one. `address` is the
 * whole URL. */
enum service_result wechat_ask(const char *address, const json_t *body, json_t **answer,
			       struct service_report *) MUST_USE;

/* wechat-token.c: what the account is lent, the current one of a kind and which
 * one it is; and that WeChat refuses an access token. */
enum wechat_token_kind {
	WECHAT_ACCESS_TOKEN, /* goes with every call */
	WECHAT_JSAPI_TICKET, /* signs what a page asks of WeChat's client */
	WECHAT_TOKEN_COUNT,
};
enum service_result wechat_token_take(const struct wechat_account *, enum wechat_token_kind,
				      struct buffer *token, int64_t *generation,
				      struct service_report *) MUST_USE;
void wechat_token_drop(const struct wechat_account *, int64_t generation);

/* One statement in a transaction of its own, tried again as those are. */
long wechat_write(struct db *, const char *sql, struct db_args);

#endif
