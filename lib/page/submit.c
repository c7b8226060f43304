/* submit.c: the default handlers: a form is shown, taken, saved, advanced. */
#include "page/contract.h"

#include "base/alloc.h"
#include "page/layout.h"
#include "review/review.h"

const char *page_typed(void *request, const char *name)
{
	const struct request *r = request;

	/* form_read() knows this for a value that is not UTF-8. */
	return request_field_broken(r, name) ? "\xff" : request_field(r, name);
}

void page_move_key(const struct page *p, char out[PAGE_MOVE_KEY_SIZE])
{
	const struct request *r = p->request;
	struct buffer typed = BUFFER_INIT;
	uint8_t digest[SHA256_SIZE];
	char hex[17];

	for (size_t i = 0; i < r->field_count; i++) {
		if (!strcmp(r->field[i].name, "csrf"))
			continue;
		buffer_add(&typed, r->field[i].name, strlen(r->field[i].name) + 1);
		buffer_add(&typed, r->field[i].value, strlen(r->field[i].value) + 1);
	}
	for (size_t i = 0; i < r->file_count; i++)
		buffer_printf(&typed, "%s %s %zu\n", r->file[i].name, r->file[i].file_name,
			      r->file[i].size);
	digest_sha256(buffer_text(&typed), typed.len, digest);
	hex_encode(digest, 8, hex);
	snprintf(out, PAGE_MOVE_KEY_SIZE, "%s.%s", p->key, hex);
	buffer_wipe(&typed);
}

static bool takes_files(const struct form *form)
{
	for (size_t i = 0; i < form->field_count; i++)
		if (form->field[i].type == FORM_SCAN)
			return true;
	return false;
}

void page_show_form(struct page *p)
{
	const struct form *form = p->spec->form;
	struct form_owner owner = page_form_owner(p);
	bool correcting = page_is_correcting(p);

	layout_begin(p, form->title, form->step);
	layout_tabs(p, form);
	if (p->message)
		markup_element(p->markup, "p", p->message, "class", "yj-warning", "role", "alert",
			       NULL);
	form_render_errors(p->markup, p->values);
	layout_form(p, takes_files(form));
	markup_open(p->markup, "div", "class", "yj-card", NULL);
	form_render(p->markup, &owner, p->values);
	markup_close(p->markup, "div");
	layout_buttons(p, correcting ? page_part(p)->home : LAYOUT_BACK_SAVES,
		       correcting ? "保存" : "下一步");
	markup_close(p->markup, "form");
	layout_end(p);
}

/* The form once more, for another try: that is a new move. */
static void show_again(struct page *p, int status)
{
	p->reply.status = status;
	random_public_id(p->key);
	flow_forms_reload(p->db, p->application.id, &p->application.flow);
	page_show_form(p);
}

struct submission {
	struct page *page;
	struct form_owner owner;
	int version; /* of the row, as the page that was sent knew it */
	enum form_saved saved;
};

static bool submit_work(struct db *db UNUSED, void *context)
{
	struct submission *s = context;

	s->page->values->version = s->version; /* a second try starts afresh */
	s->saved = form_save(&s->owner, s->page->values);
	return s->saved != FORM_CHANGED_MEANWHILE;
}

/* The form once more: the row is not the one that this page was made from. */
static bool show_changed(struct page *p)
{
	p->message = "您在另一个窗口修改过这一页。请核对下面的内容，再提交一次，"
		     "以这里的内容为准。";
	show_again(p, 409);
	return false;
}

/* Saves what is valid under `event`. False when the answer is decided. */
static bool save(struct page *p, const char *event)
{
	char *detail = xprintf("{\"form\":\"%s\"}", p->spec->form->name);
	char key[PAGE_MOVE_KEY_SIZE];
	struct submission s = {
		.page = p,
		.owner = page_form_owner(p),
		.version = p->values->version,
		.saved = FORM_UNCHANGED,
	};
	enum flow_result result;

	page_move_key(p, key);
	result = page_advance_by(p, key, event, detail, submit_work, &s);
	free(detail);
	if (result == FLOW_MOVED || result == FLOW_REPEATED)
		return true;
	if (s.saved != FORM_CHANGED_MEANWHILE) {
		page_say_refused(p, result);
		return false;
	}
	/* Changed by the twin of this POST that was a moment earlier? */
	return page_move_known(p->db, p->application.id, key) || show_changed(p);
}

static bool any_error(const struct form_values *values)
{
	for (size_t i = 0; i < values->form->field_count; i++)
		if (values->value[i].error)
			return true;
	return false;
}

/* Where the page's form stands among those of the application, from 0. */
static size_t form_index(const struct page *p)
{
	const struct flow_standing *s = &p->application.flow;

	return (size_t)(flow_form_named(s, p->spec->form->name) - s->form);
}

/* Whether it is the turn of the page's form (0), was (-1), or will be (1). */
static int turn(const struct page *p)
{
	const struct flow_standing *s = &p->application.flow;
	const struct flow_form *now = flow_form_of_turn(s, p->application.state);
	size_t at = form_index(p);

	if (!now || s->form + at < now)
		return -1;
	return s->form + at > now;
}

void page_go_form(struct page *p, size_t index, const char *flash)
{
	const struct flow_standing *s = &p->application.flow;
	char *name = index < s->form_count ? xprintf("apply/%s", s->form[index].name) :
					     xstrdup(s->page_done);

	page_go(p, *name ? name : page_part(p)->home, flash);
	free(name);
}

/* Whether 上一步 was pressed: what is valid is saved, the rest can wait. */
static bool goes_back(const struct page *p)
{
	const char *go = request_field(p->request, "go");

	return go && !strcmp(go, "back");
}

static void go_back(struct page *p)
{
	size_t at = form_index(p);

	if (at)
		page_go_form(p, at - 1, NULL);
	else
		page_go(p, "apply/start", NULL);
}

/* To the next form; when this one was saved ahead of its turn, to the one whose
 * turn it is. */
static void go_on(struct page *p)
{
	const struct flow_standing *s = &p->application.flow;

	if (page_is_correcting(p))
		page_go(p, page_part(p)->home,
			review_any_unmended(p->db, p->application.id, p->spec->form->name) ?
				"unmended" :
				"saved");
	else if (turn(p) <= 0)
		page_go_form(p, form_index(p) + 1, NULL);
	else
		page_go(p, *s->page ? s->page : page_part(p)->home, "saved");
}

/* A form is handed in when it is its turn, else just saved. */
static const char *event(const struct page *p, bool submits)
{
	return submits && !turn(p) ? p->application.flow.form[form_index(p)].event : "save";
}

void page_submit_form(struct page *p)
{
	struct form_owner owner = page_form_owner(p);
	int before = p->values->version, after;
	bool in_order, failed, submits;

	page_take_scans(p);
	after = p->values->version;
	in_order = form_read(&owner, p->values, page_typed, p->request) == 0;
	if (p->values->version == before)
		p->values->version = after; /* moved on by our own scans */
	failed = any_error(p->values);
	submits = in_order && !failed && !goes_back(p);
	if (!save(p, event(p, submits)))
		return;
	if (goes_back(p))
		go_back(p);
	else if (!submits)
		show_again(p, failed ? 422 : 200);
	else
		go_on(p);
}
