/* wechat-template.h: which message templates an installation may use.
 *
 * Templates of the demo have ids that begin with WECHAT_DEMO_TEMPLATE, which no
 * account has. Where the config does not say demo, they are as good as none:
 * not set, not asked for, not sent, so that the message goes by mail. */
#ifndef SERVICE_WECHAT_TEMPLATE_H
#define SERVICE_WECHAT_TEMPLATE_H

#include "base/config.h"
#include "db/db.h"

#define WECHAT_DEMO_TEMPLATE "demo-"

bool wechat_template_usable(const struct config *, const char *template_id);

/* -- what is set, tables wechat_template and wechat_template_field; account DB_ADMIN -- */

/* All of them, by channel and kind; texts belong to the result. */
struct wechat_template_row {
	const char *channel; /* "lasting" for a subscription that lasts */
	const char *kind, *template_id;
	const char *fields; /* "field=value …"; "" for none */
};
struct db_result *wechat_templates(struct db *);
bool wechat_templates_next(struct db_result *, struct wechat_template_row *);
/* A template takes the place of the one before, which loses its fields; then each field
 * is put. In a transaction. */
void wechat_template_put(struct db *, const char *channel, const char *kind,
			 const char *template_id, bool lasting);
void wechat_template_field_put(struct db *, const char *channel, const char *kind,
			       const char *field, size_t field_len, const char *value);

#endif
