/* contact.c: the mail address of the applicant who is logged in. */
#include "page/contact.h"

static void context_of(const struct page *p, char *out, size_t size)
{
	snprintf(out, size, "applicant.email:%lld", (long long)p->session.subject);
}

void contact_email(struct page *p, struct buffer *out)
{
	struct db_result *r = db_select(p->db, "SELECT email FROM applicant WHERE id = ?",
					DB_ARGS(db_int(p->session.subject)));
	char context[48];
	const void *sealed;
	size_t n;

	context_of(p, context, sizeof(context));
	if (db_next(r) && !db_is_null(r, 0)) {
		sealed = db_bytes_at(r, 0, &n);
		/* an address that does not unseal counts as none: it is asked for again */
		if (!vault_unseal(page_vault(p), context, sealed, n, out))
			buffer_reset(out);
	}
	db_result_free(r);
}

void contact_remember(struct page *p, const char *email)
{
	struct buffer sealed = BUFFER_INIT;
	char context[48];

	context_of(p, context, sizeof(context));
	vault_seal(page_vault(p), context, email, strlen(email), &sealed);
	db_exec(p->db, "UPDATE applicant SET email = ? WHERE id = ?",
		DB_ARGS(db_bytes(sealed.data, sealed.len), db_int(p->session.subject)));
	buffer_release(&sealed);
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
