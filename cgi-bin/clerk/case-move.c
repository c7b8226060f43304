/* case-move.c: nobody decides about an application on what they have not seen. */
#include "case-move.h"

#include "case/case.h"
#include "page/layout.h"

#define SEEN "seen" /* a hidden field: the move that made the state shown */

bool case_is_current(struct page *p, struct db *db)
{
	const char *seen = request_field(p->request, SEEN);

	return seen && *seen && strtoll(seen, NULL, 10) == case_last_move(db, p->application.id);
}

void case_write_seen(struct page *p)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld",
		 (long long)case_last_move(p->db, p->application.id));
	markup_void(p->markup, "input", "type", "hidden", "name", SEEN, "value", number, NULL);
}

void case_new_key(struct page *p)
{
	if (p->request->method == METHOD_POST)
		random_public_id(p->key);
}

void case_say_taken(struct page *p)
{
	struct case_decision last;
	struct buffer text = BUFFER_INIT;

	if (case_last_decision(p->db, p->application.id, &last))
		buffer_printf(&text, "%s 在 %s 已%s。", last.name, last.time, last.words);
	else
		buffer_puts(&text, "它的状态已经变了。");
	buffer_puts(&text, "您刚才的操作没有执行，请返回队列处理下一件。");
	page_say(p, 409, "这份申请已由他人处理", buffer_text(&text), "/clerk/queue", "返回队列");
	buffer_release(&text);
	case_decision_release(&last);
}
