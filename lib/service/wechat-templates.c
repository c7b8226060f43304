/* wechat-templates.c: the message templates that are set, for yuanjian-wechat. */
#include "db/row.h"
#include "service/wechat-template.h"

struct db_result *wechat_templates(struct db *db)
{
	return db_select(
		db,
		"SELECT IF(t.lasting, 'lasting', t.channel) AS channel, t.kind, t.template_id,"
		" GROUP_CONCAT(CONCAT(f.field, '=', f.value) ORDER BY f.field SEPARATOR ' ')"
		"  AS fields FROM wechat_template t LEFT JOIN wechat_template_field f"
		" ON f.channel = t.channel AND f.kind = t.kind"
		" GROUP BY t.channel, t.kind, t.template_id, t.lasting ORDER BY t.channel, t.kind",
		DB_NO_ARGS);
}

bool wechat_templates_next(struct db_result *r, struct wechat_template_row *t)
{
	return db_next_row(r, DB_OUT(DB_VIEW("channel", &t->channel), DB_VIEW("kind", &t->kind),
				     DB_VIEW("template_id", &t->template_id),
				     DB_OR_NULL(DB_VIEW("fields", &t->fields))));
}

void wechat_template_put(struct db *db, const char *channel, const char *kind,
			 const char *template_id, bool lasting)
{
	db_exec(db, "DELETE FROM wechat_template_field WHERE channel = ? AND kind = ?",
		DB_ARGS(db_text(channel), db_text(kind)));
	db_exec(db, "DELETE FROM wechat_template WHERE channel = ? AND kind = ?",
		DB_ARGS(db_text(channel), db_text(kind)));
	db_exec(db,
		"INSERT INTO wechat_template (channel, kind, template_id, lasting)"
		" VALUES (?, ?, ?, ?)",
		DB_ARGS(db_text(channel), db_text(kind), db_text(template_id), db_int(lasting)));
}

void wechat_template_field_put(struct db *db, const char *channel, const char *kind,
			       const char *field, size_t field_len, const char *value)
{
	db_exec(db,
		"INSERT INTO wechat_template_field (channel, kind, field, value)"
		" VALUES (?, ?, ?, ?)",
		DB_ARGS(db_text(channel), db_text(kind), db_bytes(field, field_len),
			db_text(value)));
}
