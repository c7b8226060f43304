/* face.c: clerk/face: one picture or recording of an attempt, for the clerk who asked
 * to see it (an event, clerk/identity) a short while ago. */
#include "case-identity.h"
#include "page/range.h"

#define ORD_DIGITS 4

static void say_none(struct page *p)
{
	page_say(p, 404, "没有找到这份人像材料", "它可能已经删除，请返回上一页刷新。", NULL, NULL);
}

/* The upload itself is never shown: it has not been decoded in the sandbox. */
static enum identity_kind kind_by_name(const char *name)
{
	enum identity_kind kind = IDENTITY_CLIP;

	while (kind < IDENTITY_KIND_COUNT && (!name || strcmp(name, identity_kind_names[kind])))
		kind++;
	return kind;
}

static bool read_ord(const char *text, int *ord)
{
	*ord = 0;
	if (!text)
		return true;
	if (!*text || strlen(text) > ORD_DIGITS || strspn(text, "0123456789") != strlen(text))
		return false;
	*ord = (int)strtol(text, NULL, 10);
	return true;
}

static void show(struct page *p)
{
	const char *id = request_query(p->request, "attempt");
	enum identity_kind kind = kind_by_name(request_query(p->request, "kind"));
	struct identity_attempt attempt;
	int ord;

	if (!id || kind == IDENTITY_KIND_COUNT ||
	    !read_ord(request_query(p->request, "ord"), &ord) ||
	    !identity_by_face(p->db, p->application.id, id, &attempt)) {
		say_none(p);
		return;
	}
	if (!case_face_is_open(p, &attempt)) {
		page_say(p, 403, "人像材料没有打开", "请在身份核对页面点“打开人像材料”。", NULL,
			 NULL);
		return;
	}
	if (!identity_material(p->db, page_vault(p), attempt.id, kind, ord, &p->reply.body)) {
		buffer_reset(&p->reply.body);
		say_none(p);
		return;
	}
	p->reply.type = kind == IDENTITY_CLIP ? "video/mp4" : "image/jpeg";
	reply_header(&p->reply, "Content-Disposition", "inline");
	range_cut(&p->reply, getenv("HTTP_RANGE"));
}

static const struct page_spec spec = {
	.name = "clerk/face",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.show = show,
};

int main(void)
{
	return page_run(&spec);
}
