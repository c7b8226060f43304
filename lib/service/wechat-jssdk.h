/* wechat-jssdk.h: what a page needs to ask something of WeChat's client: the
 * signature of WeChat's "JS-SDK使用权限签名算法".
 *
 * A page never asks WeChat for the ticket: cron/ticket keeps one in the
 * database, and without one the page does without WeChat's client. No libcurl
 * here, so that a page may use it. */
#ifndef SERVICE_WECHAT_JSSDK_H
#define SERVICE_WECHAT_JSSDK_H

#include "base/buffer.h"
#include "db/db.h"
#include "service/wechat-crypto.h"
#include "vault/vault.h"

/* SHA-1 in lower-case hex over the four, raw and in this order. `url` is the
 * page's address as the browser has it, up to and without "#". */
void wechat_js_sign(const char *ticket, const char *nonce, const char *timestamp, const char *url,
		    char out[WECHAT_SIGNATURE_LEN + 1]);

/* The ticket that is kept and good now, into out; false when there is none.
 * With the rights of DB_APPLY. */
bool wechat_ticket_kept(struct db *, struct vault *, const char *appid,
			struct buffer *out) MUST_USE;

/* The name of the ticket's row, see token.h; the procedure wechat_ticket knows it
 * as well. Appends. */
void wechat_ticket_name(const char *appid, struct buffer *out);

#endif
