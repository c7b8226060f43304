/* apply/logout: ends the session of this browser. */
#include "page/entry.h"

static void submit(struct page *p)
{
	session_end(p->db, p->session.token);
	reply_cookie(&p->reply, SESSION_COOKIE_APPLICANT, "", -1, p->request->https);
	p->session = (struct session){ .present = false };
	page_say(p, 200, "已退出登录", "填写的内容都已保存，下次登录后可以接着填。", "/apply/start",
		 "重新登录");
}

static const struct page_spec spec = {
	.name = "apply/logout",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.body_max = FORM_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
