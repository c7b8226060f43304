/* wechat-inbox.h: what WeChat told the official account's server: each message kept
 * once, delivery reports, and the codes that were scanned.
 *
 * Tables: wechat_inbox, wechat_report, wechat_qrcode. Account: DB_PUSH; everything
 * within db_transaction(). */
#ifndef SERVICE_WECHAT_INBOX_H
#define SERVICE_WECHAT_INBOX_H

#include "base/buffer.h"
#include "base/digest.h"
#include "db/db.h"

#define WECHAT_KIND_MAX 40

struct wechat_entry {
	uint8_t key[SHA256_SIZE]; /* wechat_message_key() */
	char kind[WECHAT_KIND_MAX + 1]; /* "event.subscribe" */
	struct buffer sealed; /* the message, under the name of wechat_entry_place() */
};
/* The name under which an entry is sealed; appends. */
void wechat_entry_place(const struct wechat_entry *, struct buffer *out);

/* Keeps one; whether it is to be worked on now. It is not, when it was kept and
 * answered before, or came less than `work_s` ago, so that another program is at it:
 * one that was kept and not answered within that time is from a program that was
 * stopped between the two. */
bool wechat_inbox_keep(struct db *, const struct wechat_entry *, int work_s);
void wechat_inbox_answered(struct db *, const struct wechat_entry *);
/* Deletes what is older than so many days, at most `most` of it. */
void wechat_inbox_upkeep(struct db *, int days, int most);

/* Whether the message with that number arrived. What did not is promised to the
 * outbox again, for a mail. False: it was reported before. */
bool wechat_report_keep(struct db *, const char *msgid, const char *status, bool delivered);

/* The open project behind a code's scene, counted. False for another code, and then
 * nothing is counted. The name is the caller's to free. */
bool wechat_scanned(struct db *, const char *scene, char code[33], char **name);

#endif
