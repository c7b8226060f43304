/* notification.c: the notifications of WeChat Pay, table wechatpay_notice. */
#include "pay/notification.h"

bool pay_notification_keep(struct db *db, const struct pay_notification *n)
{
	return db_exec(db,
		       "INSERT INTO wechatpay_notice (id, event_type, body, signed_at, nonce,"
		       " signature, serial, received_at) VALUES (?, ?, ?, ?, ?, ?, ?,"
		       " '1970-01-01' + INTERVAL ? SECOND)",
		       DB_ARGS(db_text(n->id), db_text(n->event), db_bytes(n->body, n->body_len),
			       db_text(n->signed_at), db_text(n->nonce), db_text(n->signature),
			       db_text(n->serial), db_int(n->received))) != DB_DUPLICATE;
}
