/* apply/forms-mail: promises the blank forms of a project to a mail address. */
#include "applicant/applicant.h"
#include "base/ceilings.h"

#include "base/utf8.h"
#include "forms-section.h"
#include "outbox/outbox.h"
#include "page/contact.h"
#include "page/layout.h"

struct asking {
	struct page *page;
	struct applicant_asking what;
	char email[EMAIL_MAX + 1];
	enum applicant_asked asked;
};

static void show_form(struct page *p, const struct project *project, const char *typed,
		      const char *error)
{
	struct buffer back = BUFFER_INIT;

	buffer_printf(&back, "/apply/start?project=%s", project->code);
	layout_begin(p, error ? "错误：没有发送" : "空白表格", 0);
	forms_section(p, project, typed, error);
	markup_open(p->markup, "p", "class", "yj-hint", NULL);
	markup_element(p->markup, "a", "返回", "href", back.data, NULL);
	markup_close(p->markup, "p");
	layout_end(p);
	buffer_release(&back);
}

static void show(struct page *p)
{
	struct project project;

	if (entry_project(p, &project))
		show_form(p, &project, NULL, NULL);
}

/* Why not now, or NULL. */
static const char *refusal(enum applicant_asked asked)
{
	if (asked == APPLICANT_ADDRESS_FULL)
		return "这个邮箱刚收到过几封了。请先查收（也看看垃圾邮件），一小时后再发。";
	if (asked == APPLICANT_DAY_FULL)
		return "今天发送的次数已经用完，请明天再发，"
		       "或者请同事在微信里打开本业务发送。";
	return NULL;
}

static bool ask(struct db *db, void *context)
{
	struct asking *a = context;
	char key[64], payload[40];
	int64_t id;

	a->asked = applicant_ask_forms(db, page_vault(a->page), &a->what, &id);
	if (a->asked != APPLICANT_ASKED)
		return false;
	snprintf(key, sizeof(key), "forms-%lld", (long long)id);
	snprintf(payload, sizeof(payload), "{\"request\":%lld}", (long long)id);
	outbox_add(db, "forms_mail", 0, key, payload);
	return true;
}

static void answer(struct page *p, const struct project *project, const char *typed,
		   const char *refused)
{
	struct buffer path = BUFFER_INIT;

	if (refused) {
		p->reply.status = 429;
		random_public_id(p->key); /* another try is another request */
		show_form(p, project, typed, refused);
		return;
	}
	buffer_printf(&path, "/apply/start?project=%s&flash=forms-sent", project->code);
	reply_redirect(&p->reply, path.data);
	buffer_release(&path);
}

static void submit(struct page *p)
{
	const char *typed = request_field(p->request, "email");
	struct asking a = { .page = p };
	struct buffer folded = BUFFER_INIT;
	struct project project;
	const char *fault;

	if (!entry_project(p, &project))
		return;
	utf8_fold(typed ? typed : "", &folded);
	fault = contact_fault(request_field_broken(p->request, "email") ?
				      CHECK_CHARACTER :
				      check_email(buffer_text(&folded), a.email));
	if (fault) {
		p->reply.status = 422;
		show_form(p, &project, buffer_text(&folded), fault);
	} else {
		a.what = (struct applicant_asking){
			.applicant = p->session.subject,
			.project = project.id,
			.key = p->key,
			.email = a.email,
		};
		db_transaction(p->db, ask, &a);
		answer(p, &project, a.email, refusal(a.asked));
	}
	buffer_wipe(&folded);
}

static const struct page_spec spec = {
	.name = "apply/forms-mail",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.body_max = FORM_BODY_MAX,
	.show = show,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
