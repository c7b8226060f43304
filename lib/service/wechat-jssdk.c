/* wechat-jssdk.c: signs a page for WeChat's client. */
#include "service/wechat-jssdk.h"

#include "base/digest.h"
#include "db/row.h"
#include "service/token.h"

void wechat_ticket_name(const char *appid, struct buffer *out)
{
	buffer_printf(out, "wechat-ticket:%s", appid);
}

void wechat_js_sign(const char *ticket, const char *nonce, const char *timestamp, const char *url,
		    char out[WECHAT_SIGNATURE_LEN + 1])
{
	struct buffer text = BUFFER_INIT;
	uint8_t hash[SHA1_SIZE];

	buffer_printf(&text, "jsapi_ticket=%s&noncestr=%s&timestamp=%s&url=%s", ticket, nonce,
		      timestamp, url);
	digest_sha1(text.data, text.len, hash);
	hex_encode(hash, sizeof(hash), out);
	buffer_wipe(&text);
}

bool wechat_ticket_kept(struct db *db, struct vault *vault, const char *appid, struct buffer *out)
{
	struct buffer name = BUFFER_INIT, place = BUFFER_INIT, sealed = BUFFER_INIT;
	bool found = db_one(db, "CALL wechat_ticket(?)", DB_ARGS(db_text(appid)),
			    DB_OUT(DB_BUFFER("token", &sealed)));

	if (found) {
		wechat_ticket_name(appid, &name);
		token_place(name.data, &place);
		found = vault_unseal(vault, place.data, sealed.data, sealed.len, out);
	}
	buffer_release(&sealed);
	buffer_release(&name);
	buffer_release(&place);
	return found;
}
