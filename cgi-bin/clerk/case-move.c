/* case-move.c: nobody decides about an application on what they have not seen. */
#include "case-move.h"

#include "case-history.h"
#include "db/row.h"
#include "page/layout.h"

#define SEEN "seen" /* a hidden field: the move that made the state shown */

/* The last move from one state to another; saves and reveals are none. */
static int64_t last_move(struct db *db, int64_t application)
{
	return db_number(db,
			 "SELECT COALESCE(MAX(id), 0) FROM event WHERE application = ?"
			 " AND from_state <> to_state",
			 DB_ARGS(db_int(application)));
}

bool case_is_current(struct page *p, struct db *db)
{
	const char *seen = request_field(p->request, SEEN);

	return seen && *seen && strtoll(seen, NULL, 10) == last_move(db, p->application.id);
}

void case_write_seen(struct page *p)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)last_move(p->db, p->application.id));
	markup_void(p->markup, "input", "type", "hidden", "name", SEEN, "value", number, NULL);
}

void case_new_key(struct page *p)
{
	if (p->request->method == METHOD_POST)
		random_public_id(p->key);
}

void case_say_taken(struct page *p)
{
	char *words, *name, time[8];
	struct buffer text = BUFFER_INIT;

	if (db_one(p->db,
		   "SELECT COALESCE(w.staff, e.event) AS words, f.name,"
		   " DATE_FORMAT(e.at + INTERVAL 8 HOUR, '%H:%i') AS time"
		   " FROM event e" FLOW_WORDS_JOIN
		   " JOIN staff f ON f.id = e.actor WHERE e.application = ?"
		   " AND e.role IN ('clerk', 'producer') AND e.event <> 'reveal'"
		   " ORDER BY e.id DESC LIMIT 1",
		   DB_ARGS(db_int(p->application.id)),
		   DB_OUT(DB_STRING("words", &words), DB_STRING("name", &name),
			  DB_TEXT("time", time))))
		buffer_printf(&text, "%s 在 %s 已%s。", name, time, words);
	else
		buffer_puts(&text, "它的状态已经变了。");
	buffer_puts(&text, "您刚才的操作没有执行，请返回队列处理下一件。");
	page_say(p, 409, "这份申请已由他人处理", buffer_text(&text), "/clerk/queue", "返回队列");
	buffer_release(&text);
	free(words);
	free(name);
}
