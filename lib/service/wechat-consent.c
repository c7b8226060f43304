/* wechat-consent.c: consents to subscription notifications (table wechat_consent). */
#include "service/wechat-consent.h"

#include "db/row.h"
#include "service/wechat-template.h"

#define ALLOWED_MAX 1000

#define WHOSE(c) db_text((c)->appid), db_text((c)->openid), db_text((c)->template_id)

void wechat_consent_note(struct db *db, const struct wechat_consent *c, bool accepted)
{
	if (!db_exists(db,
		       "SELECT 1 FROM wechat_template WHERE channel = 'subscription'"
		       " AND template_id = ? LIMIT 1",
		       DB_ARGS(db_text(c->template_id))))
		return;
	if (db_exec(db,
		    "INSERT INTO wechat_consent (appid, openid, template_id, allowed, answered_at)"
		    " VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))",
		    DB_ARGS(WHOSE(c), db_int(accepted))) == DB_DUPLICATE)
		db_exec(db,
			"UPDATE wechat_consent SET allowed = IF(?, LEAST(allowed + 1, ?), 0),"
			" answered_at = UTC_TIMESTAMP(3)"
			" WHERE appid = ? AND openid = ? AND template_id = ?",
			DB_ARGS(db_int(accepted), db_int(ALLOWED_MAX), WHOSE(c)));
}

bool wechat_consent_is_asked(struct db *db)
{
	return db_exists(db, "SELECT 1 FROM wechat_template WHERE channel = 'subscription' LIMIT 1",
			 DB_NO_ARGS);
}

bool wechat_consent_wanted(struct db *db, int64_t applicant, const char *appid, bool demo,
			   struct buffer *ids)
{
	struct db_result *r = db_select(
		db,
		"SELECT t.template_id, MAX(COALESCE(c.allowed, 0)) AS allowed"
		" FROM wechat_template t"
		" JOIN applicant o ON o.id = ? LEFT JOIN wechat_consent c ON c.appid = o.appid"
		"  AND c.openid = o.openid AND c.template_id = t.template_id"
		" WHERE t.channel = 'subscription' AND o.appid = ?"
		"  AND (? OR t.template_id NOT LIKE '" WECHAT_DEMO_TEMPLATE
		"%') GROUP BY t.template_id"
		" ORDER BY MAX(COALESCE(c.allowed, 0)) > 0,"
		" MIN(COALESCE(NULLIF(FIELD(t.kind, 'refused',"
		"  'shipped', 'approved', 'identity_refused', 'parcel_returned'), 0), 99)),"
		" t.template_id LIMIT 3",
		DB_ARGS(db_int(applicant), db_text(appid), db_int(demo)));
	const char *id;
	int allowed;
	bool any = false, asks = false;

	while (db_next_row(r, DB_OUT(DB_VIEW("template_id", &id), DB_INT("allowed", &allowed)))) {
		any = true;
		if (allowed)
			continue;
		buffer_printf(ids, "%s%s", asks ? "," : "", id);
		asks = true;
	}
	db_result_free(r);
	return any && !asks;
}

bool wechat_consent_given(struct db *db, const struct wechat_consent *c)
{
	return db_exists(db,
			 "SELECT 1 FROM wechat_consent WHERE appid = ? AND openid = ?"
			 " AND template_id = ? AND allowed > 0",
			 DB_ARGS(WHOSE(c)));
}

void wechat_consent_spend(struct db *db, const struct wechat_consent *c)
{
	db_exec(db,
		"UPDATE wechat_consent SET allowed = allowed - 1 WHERE appid = ? AND openid = ?"
		" AND template_id = ? AND allowed > 0 AND NOT EXISTS (SELECT 1 FROM wechat_template"
		" WHERE channel = 'subscription' AND template_id = ? AND lasting)",
		DB_ARGS(WHOSE(c), db_text(c->template_id)));
}

void wechat_consent_withdraw(struct db *db, const struct wechat_consent *c)
{
	db_exec(db,
		"UPDATE wechat_consent SET allowed = 0 WHERE appid = ? AND openid = ?"
		" AND template_id = ?",
		DB_ARGS(WHOSE(c)));
}
