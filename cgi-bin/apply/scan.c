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

	if (!t->correcting) {
		const struct flow_standing *flow = &p->application.flow;
		const struct flow_form *form = flow_form_named(flow, t->form->name);
		const struct flow_form *turn = flow_form_of_turn(flow, p->application.state);

		return form && turn && form->ord <= turn->ord;
	}
	values = load(t);
	open = !values->value[field_index(t)].locked;
	form_values_free(values);
	return open;
}

struct upload {
	const struct target *target;
	struct scan_place place;
	struct scan_picture picture;
	enum scan_result result;
};

static bool store_work(struct db *db, void *context)
{
	struct upload *u = context;
	struct scan stored;

	u->result = scan_store(db, u->target->owner.vault, &u->place, &u->picture, &stored);
	if (u->result != SCAN_TAKEN && u->result != SCAN_REPEATED)
		return false;
	form_touch(&u->target->owner, u->target->form);
	return true;
}

static int page_number(const struct page *p)
{
	const char *text = request_field(p->request, "page");
	long n = text ? strtol(text, NULL, 10) : 0;

	return n > 0 && n <= SCAN_PAGES_MAX ? (int)n : 0;
}

static const struct request_file *find_file(const struct request *r)
{
	for (size_t i = 0; i < r->file_count; i++)
		if (!strcmp(r->file[i].name, "file"))
			return &r->file[i];
	return NULL;
}

static void take(struct page *p, const struct target *t)
{
	struct upload u = {
		.target = t,
		.place = { .application = p->application.id,
			   .applicant = p->application.applicant,
			   .form = t->form->name,
			   .field = t->field->name,
			   .page = page_number(p),
			   .pages_max = t->field->pages,
			   .key = p->key },
	};
	enum flow_result moved;
	const char *error;

	/* The same upload again, whose answer was lost on the way. */
	if (page_is_done(p, "save")) {
		answer(p, t, NULL);
		return;
	}
	error = page_read_scan(p, t->field, find_file(p->request), &u.picture, &u.place);
	if (error) {
		answer(p, t, error);
		return;
	}
	u.result = SCAN_TAKEN;
	moved = page_advance(p, "save", NULL, store_work, &u);
	if (moved == FLOW_MOVED || moved == FLOW_REPEATED)
		answer(p, t, NULL);
	else if (u.result != SCAN_TAKEN)
		answer(p, t, scan_result_text(u.result));
	else
		page_say_refused(p, moved);
}

struct removal {
	const struct target *target;
	const char *public_id;
};

static bool remove_work(struct db *db, void *context)
{
	struct removal *r = context;
	struct scan scan;

	/* one that is gone already, or of another field, is none of ours */
	if (!scan_find(db, r->target->owner.application, r->public_id, &scan) ||
	    strcmp(scan.form, r->target->form->name) || strcmp(scan.field, r->target->field->name))
		return true;
	scan_remove(db, r->target->owner.application, r->public_id);
	form_touch(&r->target->owner, r->target->form);
	return true;
}

static void take_out(struct page *p, const struct target *t, const char *public_id)
{
	struct removal r = { .target = t, .public_id = public_id };
	enum flow_result moved = page_advance(p, "save", NULL, remove_work, &r);

	if (moved == FLOW_MOVED || moved == FLOW_REPEATED)
		answer(p, t, NULL);
	else
		page_say_refused(p, moved);
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
	return page_run(&spec);
}
