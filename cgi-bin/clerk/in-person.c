/* in-person.c: clerk/in-person: a person stands at the window with the ID card; the
 * clerk compares the two and confirms. Open for every method that was chosen. */
#include <time.h>

#include "case-identity.h"
#include "case-move.h"
#include "check/check.h"
#include "page/layout.h"

#define REFERENCE "reference"
#define REFERENCE_MAX 32

/* What must be ticked, each by itself. */
static const struct {
	const char *name, *label, *hint;
} seen[] = {
	{ "original", "看到了身份证原件", "不是复印件或照片，在有效期内" },
	{ "in_person", "本人当面办理", "相貌与身份证照片一致" },
	{ "matches", "与系统中信息一致", "姓名和 18 位号码逐字核对" },
};

struct in_person {
	struct page *p;
	const char *reference, *error;
	bool plain; /* the number is shown in full */
};

static void write_person(struct in_person *c)
{
	struct markup *m = c->p->markup;
	struct case_subject subject;
	struct buffer name = BUFFER_INIT, number = BUFFER_INIT;

	case_subject_load(c->p, &subject);
	case_subject_text(&subject, "name", FORM_PLAIN, &name);
	case_subject_text(&subject, "id_number", c->plain ? FORM_PLAIN : FORM_MASKED, &number);
	markup_open(m, "section", "class", "yj-card", NULL);
	markup_element(m, "h2", subject.values->form->title, "class", "yj-card__title", NULL);
	markup_open(m, "div", "class", "yj-beside", NULL);
	markup_open(m, "dl", "class", "yj-view", NULL);
	markup_open(m, "div", NULL);
	markup_element(m, "dt", "姓名", NULL);
	markup_element(m, "dd", buffer_text(&name), NULL);
	markup_close(m, "div");
	markup_open(m, "div", NULL);
	markup_element(m, "dt", "身份证号码", NULL);
	markup_element(m, "dd", buffer_text(&number), NULL);
	markup_close(m, "div");
	markup_close(m, "dl");
	markup_open(m, "div", NULL);
	case_subject_card(c->p, &subject);
	markup_close(m, "div");
	markup_close(m, "div");
	markup_close(m, "section");
	case_subject_release(&subject);
	buffer_wipe(&name);
	buffer_wipe(&number);
}

static void write_ticks(struct in_person *c)
{
	struct markup *m = c->p->markup;

	markup_open(m, "fieldset", "class", "yj-field", NULL);
	markup_element(m, "legend", "看过以后逐项勾选", "class", "yj-field__label", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++) {
		markup_open(m, "label", "class", "yj-choice", NULL);
		markup_void(m, "input", "type", "checkbox", "name", seen[i].name, "value", "1",
			    "checked", request_field(c->p->request, seen[i].name) ? "" : NULL,
			    NULL);
		markup_element(m, "span", seen[i].label, "class", "yj-choice__label", NULL);
		markup_element(m, "span", seen[i].hint, "class", "yj-choice__hint", NULL);
		markup_close(m, "label");
	}
	markup_close(m, "fieldset");
}

static void write_reference(struct in_person *c)
{
	struct markup *m = c->p->markup;

	markup_open(m, "div", "class", "yj-field", NULL);
	markup_element(m, "label", "窗口单号（可不填）", "class", "yj-field__label", "for",
		       REFERENCE, NULL);
	markup_void(m, "input", "class", "yj-input", "id", REFERENCE, "name", REFERENCE,
		    "maxlength", "32", "autocomplete", "off", "value",
		    c->reference ? c->reference : "", "aria-describedby", "reference-hint", NULL);
	markup_element(m, "p", "取号单或存档的编号，只用字母、数字和短横。不要填身份证号或手机号。",
		       "class", "yj-field__hint", "id", "reference-hint", NULL);
	markup_close(m, "div");
}

static void write_page(struct in_person *c)
{
	struct markup *m;

	case_new_key(c->p);
	m = layout_begin(c->p, "窗口核验", 0);
	markup_element(m, "p", "请对照身份证原件核对本人。通过以后申请进入下一步。", "class",
		       "yj-lead", NULL);
	if (c->error)
		markup_element(m, "p", c->error, "class", "yj-warning", "role", "alert", NULL);
	write_person(c);
	layout_form(c->p, false);
	case_write_seen(c->p);
	if (!c->plain)
		markup_element(m, "button", "显示完整号码（会留下记录）", "type", "submit", "name",
			       "reveal", "value", "id_number", "class", "weui-btn weui-btn_default",
			       NULL);
	write_ticks(c);
	write_reference(c);
	layout_buttons(c->p, "clerk/case", "确认核验通过");
	markup_close(m, "form");
	layout_end(c->p);
}

static void show(struct page *p)
{
	struct in_person c = { .p = p };

	write_page(&c);
}

static void reveal(struct in_person *c)
{
	struct identity_plan plan;
	struct buffer detail = BUFFER_INIT;
	enum flow_result result;

	identity_plan_load(c->p->db, c->p->application.id, &plan);
	buffer_printf(&detail, "{\"form\":\"%s\",\"field\":\"id_number\",\"reason\":\"compare\"}",
		      plan.legal_rep ? "legal-rep" : "agent");
	result = page_advance(c->p, "reveal", buffer_text(&detail), NULL, NULL);
	buffer_release(&detail);
	c->plain = result == FLOW_MOVED;
	if (result == FLOW_REPEATED) {
		c->p->reply.status = 409;
		c->error = "完整号码只显示一次，要再看请重新点“显示完整号码”。";
	}
	if (c->plain || c->error)
		write_page(c);
	else
		case_say_taken(c->p);
}

static int today(void)
{
	time_t now = time(NULL) + 8 * 3600;
	struct tm tm;

	gmtime_r(&now, &tm);
	return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

/* The error of the number of the slip, or NULL. The number stands in the history,
 * which keeps no personal data. */
static const char *fault_of_reference(const char *text)
{
	static const char fine[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ-";
	char id[ID_NUMBER_LEN + 1], mobile[MOBILE_LEN + 1];

	if (strlen(text) > REFERENCE_MAX || strspn(text, fine) != strlen(text))
		return "窗口单号只能用字母、数字和短横，最多 32 个，请改正。";
	if (check_id_number(text, today(), id) == CHECK_OK ||
	    check_mobile(text, mobile) == CHECK_OK)
		return "窗口单号里不要填身份证号或手机号，请改填取号单的编号，或者留空。";
	return NULL;
}

static const char *fault_of(struct in_person *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
		if (!request_field(c->p->request, seen[i].name))
			return "三项都看过并勾选以后才能通过；有一项不符就不要通过。";
	return fault_of_reference(c->reference);
}

static bool record(struct db *db, void *context)
{
	struct in_person *c = context;
	struct identity_attempt attempt;

	if (!case_is_current(c->p, db))
		return false;
	identity_begin(db, c->p->application.id, IDENTITY_IN_PERSON, &attempt);
	return identity_pass(db, page_vault(c->p), &attempt, IDENTITY_BEGUN);
}

static void confirm(struct in_person *c)
{
	struct buffer detail = BUFFER_INIT;
	enum flow_result result;

	buffer_puts(&detail, "{\"method\":\"counter\",\"seen\":\"original,in_person,matches\"");
	if (*c->reference)
		buffer_printf(&detail, ",\"reference\":\"%s\"", c->reference);
	buffer_putc(&detail, '}');
	result = page_advance(c->p, "confirm_at_counter", buffer_text(&detail), record, c);
	buffer_release(&detail);
	if (result == FLOW_MOVED || result == FLOW_REPEATED)
		reply_redirect(&c->p->reply, "/clerk/queue?flash=in-person-confirmed");
	else
		case_say_taken(c->p);
}

static void submit(struct page *p)
{
	struct in_person c = { .p = p, .reference = request_field(p->request, REFERENCE) };

	if (!c.reference)
		c.reference = "";
	if (page_is_done(p, "confirm_at_counter")) {
		reply_redirect(&p->reply, "/clerk/queue?flash=in-person-confirmed");
		return;
	}
	if (strcmp(p->application.state, "awaiting_identity") != 0) {
		case_say_taken(p);
		return;
	}
	if (request_field(p->request, "reveal")) {
		reveal(&c);
		return;
	}
	c.error = fault_of(&c);
	if (!c.error) {
		confirm(&c);
		return;
	}
	p->reply.status = 422;
	write_page(&c);
}

/* The page answers a late decision and names the colleague who was faster. */
static void show_open(struct page *p)
{
	if (strcmp(p->application.state, "awaiting_identity") != 0)
		page_go(p, "clerk/case", "moved-on");
	else
		show(p);
}

static const struct page_spec spec = {
	.name = "clerk/in-person",
	.roles = PAGE_ROLE(FLOW_CLERK),
	.application = PAGE_ANY_APPLICATION,
	.body_max = FORM_BODY_MAX,
	.show = show_open,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}
