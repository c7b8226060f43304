/* apply/scan: takes or removes one scan for our script; answers with the field
 * as it is now. Without script the form itself takes the files. */
#include "page/layout.h"
#include "page/page.h"

/* The field that the query names, as the application stands. */
struct target {
	const struct form *form;
	const struct form_field *field;
	struct form_owner owner;
	bool correcting;
};

static size_t field_index(const struct target *t)
{
	return (size_t)(t->field - t->form->field);
}

/* The field with its scans, as stored now. */
static struct form_values *load(const struct target *t)
{
	struct form_values *values = form_values_new(t->form);

	form_load(&t->owner, t->correcting, values);
	return values;
}

static void answer(struct page *p, const struct target *t, const char *error)
{
	struct form_values *values = load(t);
	const char *bytes;
	size_t len;

	p->reply.status = error ? 422 : 200;
	values->value[field_index(t)].error = error;
	p->markup = markup_new(false);
	form_render_scan_field(p->markup, &t->owner, values, field_index(t));
	bytes = markup_finish(p->markup, &len);
	buffer_add(&p->reply.body, bytes, len);
}

static bool find_target(struct page *p, struct target *t)
{
	const char *form = request_query(p->request, "form");
	const char *field = request_query(p->request, "field");

	t->form = form ? form_by_name(form) : NULL;
	t->field = t->form && field ? form_field(t->form, field) : NULL;
	t->correcting = page_is_correcting(p);
	if (t->field && t->field->type == FORM_SCAN) {
		t->owner = page_form_owner(p);
		return true;
	}
	page_say(p, 404, "没有这一项材料", "请返回上一页，刷新后再上传。", NULL, NULL);
	return false;
}

/* Whether the applicant may change this field now. */
static bool is_open(struct page *p, const struct target *t)
{
	struct form_values *values;
	bool open;

	if (!t->correcting)
		return flow_allows(p->db, p->application.flow_version, p->application.state,
				   FLOW_APPLICANT, t->form->event);
	values = load(t);
	open = !values->value[field_index(t)].locked;
	form_values_free(values);
	return open;
}

/* What a POST changes. The move comes first, unlike in page_advance(): it locks
 * the application, so that two pictures sent at once are two pages. */
struct change {
	struct page *page;
	const struct target *target;
	struct scan_place place; /* to store … */
	struct scan_picture picture;
	enum scan_result result;
	const char *removed; /* … or public id of the one to take out */
	enum flow_result moved;
};

static void remove_scan(struct db *db, const struct change *c)
{
	struct scan scan;

	/* one that is gone already, or of another field, is none of ours */
	if (scan_find(db, c->target->owner.application, c->removed, &scan) &&
	    !strcmp(scan.form, c->target->form->name) &&
	    !strcmp(scan.field, c->target->field->name))
		scan_remove(db, c->target->owner.application, c->removed);
}

static bool change_work(struct db *db, void *context)
{
	struct change *c = context;
	char key[PAGE_EVENT_KEY_SIZE];
	struct flow_move move = {
		.application = c->page->application.id,
		.role = c->page->session.role,
		.actor = c->page->session.subject,
		.event = "save",
		.key = key,
	};
	struct flow_outcome outcome;
	struct scan stored;

	page_event_key(c->page, move.event, key);
	c->result = SCAN_TAKEN;
	c->moved = flow_advance(db, &move, &outcome);
	if (c->moved != FLOW_MOVED)
		return false;
	if (c->removed)
		remove_scan(db, c);
	else
		c->result = scan_store(db, c->target->owner.vault, &c->place, &c->picture, &stored);
	if (c->result != SCAN_TAKEN && c->result != SCAN_REPEATED)
		return false;
	form_touch(&c->target->owner, c->target->form);
	return true;
}

/* Does it, and answers with the field as it is then. */
static void change(struct page *p, struct change *c)
{
	if (db_transaction(p->db, change_work, c) == DB_REFUSED)
		c->moved = FLOW_NOT_ALLOWED;
	if (c->moved != FLOW_MOVED && c->moved != FLOW_REPEATED)
		page_say_refused(p, c->moved);
	else if (c->result != SCAN_TAKEN && c->result != SCAN_REPEATED)
		answer(p, c->target, scan_result_text(c->result));
	else
		answer(p, c->target, NULL);
}

static int page_number(const struct page *p)
{
	const char *text = request_field(p->request, "page");
	long n = text ? strtol(text, NULL, 10) : 0;

	return n > 0 && n <= SCAN_PAGES_MAX ? (int)n : 0;
}

static enum scan_result normalise(struct page *p, struct scan_picture *picture)
{
	const struct request *r = p->request;
	size_t i;

	for (i = 0; i < r->file_count; i++)
		if (!strcmp(r->file[i].name, "file"))
			break;
	if (i == r->file_count)
		return SCAN_EMPTY;
	if (r->file[i].too_large)
		return SCAN_TOO_LARGE;
	return scan_normalise(p->config, r->file[i].fd, r->file[i].size, picture);
}

static void take(struct page *p, const struct target *t)
{
	struct change c = {
		.page = p,
		.target = t,
		.place = { .application = p->application.id,
			   .applicant = p->application.applicant,
			   .form = t->form->name,
			   .field = t->field->name,
			   .page = page_number(p),
			   .pages_max = t->field->pages,
			   .key = p->key },
	};

	c.result = normalise(p, &c.picture);
	if (c.result == SCAN_TAKEN)
		change(p, &c);
	else
		answer(p, t, scan_result_text(c.result));
}

static void take_out(struct page *p, const struct target *t, const char *public_id)
{
	struct change c = { .page = p, .target = t, .removed = public_id };

	change(p, &c);
}

static void submit(struct page *p)
{
	const char *public_id = request_field(p->request, "remove");
	struct target t;

	if (!find_target(p, &t))
		return;
	if (!is_open(p, &t))
		page_say(p, 409, "这一项现在不能修改", "请返回“我的业务”查看当前进度。",
			 "/apply/mine", "我的业务");
	else if (public_id)
		take_out(p, &t, public_id);
	else
		take(p, &t);
}

static const struct page_spec spec = {
	.name = "apply/scan",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "save",
	.body_max = UPLOAD_BODY_MAX,
	.submit = submit,
};

int main(void)
{
	page_run(&spec);
}
