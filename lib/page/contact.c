/* contact.c: the mail address of the applicant who is logged in. */
#include "page/contact.h"

#include "applicant/applicant.h"

void contact_email(struct page *p, struct buffer *out)
{
	applicant_email(p->db, page_vault(p), p->session.subject, out);
}

const char *contact_fault(enum check_result result)
{
	switch (result) {
	case CHECK_OK:
		return NULL;
	case CHECK_EMPTY:
		return "请填写邮箱地址，例如 name@example.com。";
	case CHECK_LENGTH:
		return "邮箱地址太长了，请检查是不是多写了内容，或者换一个邮箱。";
	default:
		return "邮箱地址不对，请检查：只能有一个 @，不能有空格、中文、引号或换行，例如 "
		       "name@example.com。";
	}
}
