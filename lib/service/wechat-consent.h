/* wechat-consent.h: consents to subscription notifications.
 *
 * People answer in a page, through WeChat's open tag wx-open-subscribe; WeChat
 * tells the answer by a push (subscribe_msg_popup_event), and by another when
 * somebody changes their mind in the client (subscribe_msg_change_event). Each
 * acceptance permits one message, but for templates that wechat_template calls
 * lasting. Kept by openid in wechat_consent. */
#ifndef SERVICE_WECHAT_CONSENT_H
#define SERVICE_WECHAT_CONSENT_H

#include "base/buffer.h"
#include "db/db.h"

/* One template and one person. */
struct wechat_consent {
	const char *appid, *openid, *template_id;
};

/* Stores the answers; templates that are not ours are skipped. Within
 * db_transaction(), with the rights of DB_PUSH. */
void wechat_consent_note(struct db *, const struct wechat_consent *, bool accepted);
/* Whether there is any template of subscriptions, so that a page may ask. */
bool wechat_consent_is_asked(struct db *);
/* The templates of subscriptions that an applicant has not agreed to, at most three
 * of all, by commas; appends. Those come first without which something would be
 * missed. `demo`: also those of the demo (wechat-template.h). True when all have been
 * agreed to, so that there is nothing to ask. Account: DB_APPLY. */
bool wechat_consent_wanted(struct db *, int64_t applicant, const char *appid, bool demo,
			   struct buffer *ids);
/* Whether a message may be sent now. */
bool wechat_consent_given(struct db *, const struct wechat_consent *);
/* One message was sent; or WeChat says that none may be. Within
 * db_transaction(), with the rights of DB_CRON. */
void wechat_consent_spend(struct db *, const struct wechat_consent *);
void wechat_consent_withdraw(struct db *, const struct wechat_consent *);

#endif
