/* image.c: answers with a scan of the page's application. */
#include "page/image.h"

static void say_none(struct page *p)
{
	page_say(p, 404, "没有找到这张图片", "它可能已被删除或替换，请返回上一页刷新。", NULL,
		 NULL);
}

void page_show_image(struct page *p)
{
	const char *id = request_query(p->request, "scan");
	const char *size = request_query(p->request, "size");
	bool thumb = size && !strcmp(size, "thumb");
	struct scan scan;

	if (!id || !scan_find(p->db, p->application.id, id, &scan) ||
	    !scan_image(p->db, page_vault(p), scan.id, thumb ? SCAN_THUMB : SCAN_FULL,
			&p->reply.body)) {
		say_none(p);
		return;
	}
	p->reply.type = "image/jpeg";
	reply_header(&p->reply, "Content-Disposition", "inline; filename=\"scan.jpg\"");
}
