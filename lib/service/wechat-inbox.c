/* wechat-inbox.c: what WeChat told the official account's server. */
#include "service/wechat-inbox.h"

#include "db/row.h"

#define KEY(entry) db_bytes((entry)->key, SHA256_SIZE)

void wechat_entry_place(const struct wechat_entry *e, struct buffer *out)
{
	char hex[2 * SHA256_SIZE + 1];

	hex_encode(e->key, sizeof(e->key), hex);
	buffer_printf(out, "wechat_inbox.body:%s", hex);
}

bool wechat_inbox_keep(struct db *db, const struct wechat_entry *e, int work_s)
{
	return db_exec(db,
		       "INSERT INTO wechat_inbox (message_key, kind, body, received_at)"
		       " VALUES (?, ?, ?, UTC_TIMESTAMP(3))",
		       DB_ARGS(KEY(e), db_text(e->kind),
			       db_bytes(e->sealed.data, e->sealed.len))) != DB_DUPLICATE ||
	       !db_exists(db,
			  "SELECT 1 FROM wechat_inbox"
			  " WHERE message_key = ? AND (answered_at IS NOT NULL"
			  " OR received_at > UTC_TIMESTAMP(3) - INTERVAL ? SECOND)",
			  DB_ARGS(KEY(e), db_int(work_s)));
}

void wechat_inbox_answered(struct db *db, const struct wechat_entry *e)
{
	db_exec(db, "UPDATE wechat_inbox SET answered_at = UTC_TIMESTAMP(3) WHERE message_key = ?",
		DB_ARGS(KEY(e)));
}

void wechat_inbox_upkeep(struct db *db, int days, int most)
{
	db_exec(db,
		"DELETE FROM wechat_inbox WHERE received_at < UTC_TIMESTAMP(3) - INTERVAL ? DAY"
		" LIMIT ?",
		DB_ARGS(db_int(days), db_int(most)));
}

bool wechat_report_keep(struct db *db, const char *msgid, const char *status, bool delivered)
{
	if (db_exec(db,
		    "INSERT INTO wechat_report (msgid, status, delivered, reported_at)"
		    " VALUES (?, ?, ?, UTC_TIMESTAMP(3))",
		    DB_ARGS(db_text(msgid), db_text(status), db_int(delivered))) == DB_DUPLICATE)
		return false;
	if (!delivered)
		db_exec(db, "CALL wechat_undelivered(?)", DB_ARGS(db_text(msgid)));
	return true;
}

bool wechat_scanned(struct db *db, const char *scene, char code[33], char **name)
{
	if (!is_public_id(scene) ||
	    !db_one(db,
		    "SELECT j.code, j.name FROM wechat_qrcode q"
		    " JOIN project j ON j.id = q.project WHERE q.scene = ? AND j.is_open",
		    DB_ARGS(db_text(scene)),
		    DB_OUT(DB_TEXT_N("code", code, 33), DB_STRING("name", name))))
		return false;
	db_exec(db, "UPDATE wechat_qrcode SET scans = scans + 1 WHERE scene = ?",
		DB_ARGS(db_text(scene)));
	return true;
}
