/* wechat.h: log-in through a WeChat service account, OAuth2 snsapi_base.
 *
 * The browser is sent to the authorise URL and comes back with a code, which
 * works once and for five minutes; the code is exchanged, server to server,
 * for the openid. WeChat's "网页授权" document is the norm; where it is silent
 * the worst is assumed. Config: wechat_appid, wechat_authorize_url,
 * wechat_api_url; secret wechat_secret. */
#ifndef SERVICE_WECHAT_H
#define SERVICE_WECHAT_H

#include "base/buffer.h"
#include "base/config.h"

#define WECHAT_OPENID_MAX 64
#define WECHAT_CODE_MAX 512
#define WECHAT_ANSWER_MAX (16 * 1024)

enum wechat_result {
	WECHAT_OK,
	WECHAT_CODE_INVALID, /* never given, too old or missing: log in again */
	WECHAT_CODE_USED, /* exchanged before: the browser loaded the page twice */
	WECHAT_SNAPSHOT, /* preview mode: the openid is thrown away afterwards */
	WECHAT_BUSY, /* says that it is */
	WECHAT_AWAY, /* no answer, or not in time */
	WECHAT_REFUSES_US, /* appid, secret or address not accepted: ours to mend */
	WECHAT_NONSENSE, /* an answer that is none */
	WECHAT_RESULT_COUNT,
};

struct wechat_user {
	char openid[WECHAT_OPENID_MAX + 1];
};

/* Appends the address to send the browser to. WeChat checks order and
 * fragment by pattern; `state` is letters and digits, at most 128. */
void wechat_authorize_url(struct buffer *out, const char *authorize_url, const char *appid,
			  const char *redirect_uri, const char *state);
/* Whether text can be a code at all. */
bool wechat_is_code(const char *text);
/* What the n bytes that WeChat answered to an exchange mean; fills the user
 * only with WECHAT_OK. Refusals are logged with WeChat's own request id. */
enum wechat_result wechat_read_user(const char *json, size_t n, struct wechat_user *);
/* Exchanges a code; asks once more when WeChat says that it is busy. */
enum wechat_result wechat_exchange(const struct config *, const char *code,
				   struct wechat_user *) MUST_USE;

#endif
