/* apply/forms-mail: promises the blank forms of a project to a mail address. */
#include "base/ceilings.h"

#include "base/utf8.h"
#include "forms-section.h"
#include "outbox/outbox.h"
#include "page/contact.h"
#include "page/layout.h"

struct asking {
	struct page *page;
	const struct project *project;
	char email[EMAIL_MAX + 1];
	uint8_t index[SHA256_SIZE];
	const char *refused; /* why not now, or NULL */
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

static int64_t count(struct db *db, const char *sql, struct db_args args)
{
	struct db_result *r = db_select(db, sql, args);
	int64_t n = db_next(r) ? db_int_at(r, 0) : 0;

	db_result_free(r);
	return n;
}

static bool is_known(const struct asking *a, struct db *db)
{
	return count(db,
		     "SELECT COUNT(*) FROM forms_request WHERE applicant = ? AND request_key = ?",
		     DB_ARGS(db_int(a->page->session.subject), db_text(a->page->key))) > 0;
}

/* The rows of the address and of the applicant are written before anything is
 * counted: so of several requests at once, on any machine, one waits or is
 * tried again, and none is counted past. */
static void take_turn(struct asking *a, struct db *db)
{
	struct db_args index = DB_ARGS(db_bytes(a->index, sizeof(a->index)));

	if (db_exec(db,
		    "UPDATE forms_address SET asked_at = UTC_TIMESTAMP(3) WHERE email_index = ?",
		    index) == 0)
		db_exec(db,
			"INSERT INTO forms_address (email_index, asked_at)"
			" VALUES (?, UTC_TIMESTAMP(3))",
			index);
	contact_remember(a->page, a->email);
}

static bool is_too_much(struct asking *a, struct db *db)
{
	take_turn(a, db);
	if (count(db,
		  "SELECT COUNT(*) FROM forms_request WHERE email_index = ?"
		  " AND created_at > UTC_TIMESTAMP(3) - INTERVAL 1 HOUR",
		  DB_ARGS(db_bytes(a->index, sizeof(a->index)))) >= FORMS_PER_ADDRESS_HOUR_MAX)
		a->refused = "这个邮箱刚收到过几封了。请先查收（也看看垃圾邮件），一小时后再发。";
	else if (count(db,
		       "SELECT COUNT(*) FROM forms_request WHERE applicant = ?"
		       " AND created_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY",
		       DB_ARGS(db_int(a->page->session.subject))) >= FORMS_PER_APPLICANT_DAY_MAX)
		a->refused = "今天发送的次数已经用完，请明天再发，"
			     "或者请同事在微信里打开本业务发送。";
	return a->refused != NULL;
}

static bool ask(struct db *db, void *context)
{
	struct asking *a = context;
	struct buffer sealed = BUFFER_INIT;
	char name[64], payload[40];
	int64_t id;
	long added;

	a->refused = NULL;
	if (is_known(a, db) || is_too_much(a, db))
		return false;
	snprintf(name, sizeof(name), "forms_request.email:%lld",
		 (long long)a->page->session.subject);
	vault_seal(page_vault(a->page), name, a->email, strlen(a->email), &sealed);
	added = db_exec(db,
			"INSERT INTO forms_request (applicant, request_key, project, email,"
			" email_index, created_at) VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(3))",
			DB_ARGS(db_int(a->page->session.subject), db_text(a->page->key),
				db_int(a->project->id), db_bytes(sealed.data, sealed.len),
				db_bytes(a->index, sizeof(a->index))));
	buffer_release(&sealed);
	if (added == DB_DUPLICATE)
		return false;
	id = db_inserted_id(db);
	snprintf(name, sizeof(name), "forms-%lld", (long long)id);
	snprintf(payload, sizeof(payload), "{\"request\":%lld}", (long long)id);
	outbox_add(db, "forms_mail", 0, name, payload);
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
	buffer_printf(&path, "/apply/start?project=%s&notice=forms-sent", project->code);
	reply_redirect(&p->reply, path.data);
	buffer_release(&path);
}

/* Case makes no other mailbox: it must not make another count. */
static void index_of(struct asking *a)
{
	char folded[EMAIL_MAX + 1];
	size_t i = 0;

	for (; a->email[i]; i++)
		folded[i] = (char)(a->email[i] >= 'A' && a->email[i] <= 'Z' ? a->email[i] + 32 :
									      a->email[i]);
	folded[i] = '\0';
	vault_index(page_vault(a->page), "email", folded, a->index);
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
	a.project = &project;
	utf8_fold(typed ? typed : "", &folded);
	fault = contact_fault(request_field_broken(p->request, "email") ?
				      CHECK_CHARACTER :
				      check_email(buffer_text(&folded), a.email));
	if (fault) {
		p->reply.status = 422;
		show_form(p, &project, buffer_text(&folded), fault);
	} else {
		index_of(&a);
		db_transaction(p->db, ask, &a);
		answer(p, &project, a.email, a.refused);
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
