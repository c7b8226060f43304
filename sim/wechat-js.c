/* wechat-js.c: the sim's jsapi ticket, and what its client says of a page
 * that is signed with it. */
#include "wechat.h"

#include <time.h>

#include "service/wechat-jssdk.h"

#define TICKET_SECONDS 7200

void wechat_get_ticket(struct sim *s)
{
	const char *type = request_query(s->request, "type");
	char ticket[SECRET_TEXT_SIZE];

	if (!type || strcmp(type, "jsapi") != 0) {
		answer_error(s, 40097);
		return;
	}
	turn_secret(s, "ticket", time(NULL) / TICKET_SECONDS, ticket);
	answer_json(s, json_pack("{s:i, s:s, s:s, s:i}", "errcode", 0, "errmsg", "ok", "ticket",
				 ticket, "expires_in", TICKET_SECONDS));
}

/* Signed with the ticket of this turn or, for a page made a while ago, the last. */
static bool is_signed(const struct sim *s, const char *nonce, const char *timestamp,
		      const char *url, const char *signature)
{
	char ticket[SECRET_TEXT_SIZE], wanted[WECHAT_SIGNATURE_LEN + 1];
	int64_t turn = time(NULL) / TICKET_SECONDS;

	for (int64_t back = 0; back < 2; back++) {
		turn_secret(s, "ticket", turn - back, ticket);
		wechat_js_sign(ticket, nonce, timestamp, url, wanted);
		if (!strcmp(signature, wanted))
			return true;
	}
	return false;
}

static const char *config_answer(const struct sim *s)
{
	const char *own = config_text(s->config, "public_url");
	const char *appid = request_query(s->request, "appId");
	const char *nonce = request_query(s->request, "noncestr");
	const char *timestamp = request_query(s->request, "timestamp");
	const char *url = request_query(s->request, "url");
	const char *signature = request_query(s->request, "signature");

	if (!appid || strcmp(appid, config_text(s->config, "wechat_appid")) != 0)
		return "config:invalid appid";
	if (!nonce || !timestamp || !url || !signature)
		return "config:fail";
	if (strncmp(url, own, strlen(own)) != 0 || url[strlen(own)] != '/')
		return "config:invalid url domain";
	return is_signed(s, nonce, timestamp, url, signature) ? "config:ok" :
								"config:invalid signature";
}

void wechat_js_config(struct sim *s)
{
	answer_json(s, json_pack("{s:s}", "errMsg", config_answer(s)));
}
