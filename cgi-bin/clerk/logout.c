/* logout.c: clerk/logout: ends the session; by POST only. */
#include "page/page.h"

#include "staff/staff.h"

static void submit(struct page *p)
{
	if (p->session.present)
		staff_log_out(p->db, p->session.token);
	reply_cookie(&p->reply, SESSION_COOKIE_STAFF, "", -1, p->request->https);
	reply_redirect(&p->reply, "/clerk/login?flash=signed-out");
}

static const struct page_spec spec = {
	.name = "clerk/logout",
	.roles = PAGE_ANYONE, /* a session that has ended is logged out already */
	.body_max = LOGIN_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
