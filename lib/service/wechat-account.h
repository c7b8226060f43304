/* wechat-account.h: the official account's side of WeChat: its token, what it
 * says to a person, its QR codes and its menu.
 *
 * The token is WeChat's stable_token, kept sealed in the database and shared
 * by all programs on all machines: one of them fetches, the others use the old
 * one while it is good and wait while it is not. A call that WeChat refuses
 * for its token (40001, 40014, 42001) is repeated once with a fresh one.
 * JSON goes out as UTF-8, never in \u escapes, which WeChat refuses (40033).
 *
 * These ask over the network: never call them within db_transaction().
 * Accounts: DB_CRON sends messages, DB_ADMIN makes codes and the menu. Config:
 * wechat_appid, wechat_api_url, wechat_notify; secret wechat_secret. */
#ifndef SERVICE_WECHAT_ACCOUNT_H
#define SERVICE_WECHAT_ACCOUNT_H

#include "base/buffer.h"
#include "base/config.h"
#include "db/db.h"
#include "service/result.h"
#include "vault/vault.h"

#define WECHAT_SOURCE_MAX 20

struct wechat_account {
	const struct config *config;
	struct db *db;
	struct vault *vault;
};

/* One short field of a message: {"company", "某某有限公司"}. */
struct wechat_value {
	const char *name, *text;
};

/* A message to one person. Its template, and the value of each key of the
 * template, stand in the tables wechat_template and
 * wechat_template_field; a text longer than the key's type allows is cut, with
 * … at its end. */
struct wechat_template_message {
	const char *kind; /* "approved": the row of wechat_template */
	const char *openid;
	const char *key; /* idempotency key: WeChat drops a second one with it */
	const char *url; /* absolute address behind the card, or NULL */
	const struct wechat_value *value;
	size_t value_count;
};

/* Sends a message on the channel of the config's wechat_notify: template,
 * subscription or none. SERVICE_UNREACHABLE also when the channel is none or
 * has no template of this kind that may be used here (wechat-template.h), when the person did not agree to a subscription
 * (wechat-consent.h), and when WeChat has reported that the message
 * with this key did not arrive: then e-mail is the way. SERVICE_UNKNOWN may be
 * repeated with the same key: WeChat suppresses the second for ten minutes.
 * report->reference is WeChat's msgid, kept in wechat_message until the
 * delivery report comes. */
enum service_result wechat_notify(const struct wechat_account *,
				  const struct wechat_template_message *,
				  struct service_report *) MUST_USE;

/* A permanent parametric QR code (QR_LIMIT_STR_SCENE) that leads to a project,
 * made once for each place where it hangs (`source`: letters, digits and
 * hyphens) and kept in wechat_qrcode. Appends the address that the code says. */
enum service_result wechat_qrcode(const struct wechat_account *, int64_t project,
				  const char *source, struct buffer *url,
				  struct service_report *) MUST_USE;

/* Puts a menu (the JSON of menu/create) in place; asks for the one in place. */
enum service_result wechat_menu_put(const struct wechat_account *, const char *json,
				    struct service_report *) MUST_USE;
enum service_result wechat_menu_get(const struct wechat_account *, struct buffer *json,
				    struct service_report *) MUST_USE;

/* The token alone, to test whether the account works; a secret. */
enum service_result wechat_token(const struct wechat_account *, struct buffer *token,
				 struct service_report *) MUST_USE;

/* The jsapi ticket, fetched when it is due: for the job that keeps one ready.
 * Pages read it with wechat_ticket_kept(). A secret. */
enum service_result wechat_ticket(const struct wechat_account *, struct buffer *ticket,
				  struct service_report *) MUST_USE;

/* What WeChat's errcode means. */
enum service_result wechat_meaning(long errcode);

#endif
