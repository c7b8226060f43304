/* scans.c: scans sent with a form, without script. */
#include "page/contract.h"

#include "base/log.h"

#include <time.h>

static const char locked_text[] = "这一项不需要修改，照片没有更换";
static const char too_late_text[] = "这份申请现在不能修改，照片没有保存";

/* A change of the form's scans: one is stored or taken out, as one flow move. */
struct scan_change {
	struct page *page;
	char key[PAGE_MOVE_KEY_SIZE + 21];
	const struct scan_place *place; /* to store … */
	const struct scan_picture *picture;
	const char *removed; /* … or public id of the one to take out */
	enum scan_result result;
};

static bool change_work(struct db *db, void *context)
{
	struct scan_change *c = context;
	struct page *p = c->page;
	struct form_owner owner = page_form_owner(p);
	struct scan stored;

	c->result = SCAN_TAKEN;
	if (c->removed)
		scan_remove(db, p->application.id, c->removed);
	else
		c->result = scan_store(db, owner.vault, c->place, c->picture, &stored);
	if (c->result != SCAN_TAKEN && c->result != SCAN_REPEATED)
		return false;
	form_touch(&owner, p->spec->form);
	return true;
}

/* Does it; gives what to say at the field, NULL when all is well. */
static const char *change(struct scan_change *c)
{
	enum flow_result moved = page_advance_by(c->page, c->key, "save", NULL, change_work, c);

	if (moved == FLOW_MOVED || moved == FLOW_REPEATED)
		return NULL;
	if (c->result != SCAN_TAKEN && c->result != SCAN_REPEATED)
		return scan_result_text(c->result);
	return too_late_text;
}

static const char *store(struct page *p, const struct form_field *field, int page,
			 const struct request_file *file, size_t index)
{
	struct scan_picture picture = { 0 };
	struct scan_change c = { .page = p, .picture = &picture };
	struct scan_place place = {
		.application = p->application.id,
		.applicant = p->application.applicant,
		.form = p->spec->form->name,
		.field = field->name,
		.page = page,
		.pages_max = field->pages,
		.key = c.key,
	};
	char move_key[PAGE_MOVE_KEY_SIZE];
	const char *error;

	page_move_key(p, move_key);
	snprintf(c.key, sizeof(c.key), "%s.%zu", move_key, index);
	c.place = &place;
	if (page_move_known(p->db, p->application.id, c.key))
		return NULL; /* the same form sent again */
	error = page_read_scan(p, field, file, &picture, &place);
	if (!error)
		error = change(&c);
	scan_picture_release(&picture);
	return error;
}

/* Takes out the scan whose button was pressed, if it is one of this form. */
static const char *take_out(struct page *p, const char *public_id, const char **field)
{
	struct scan_change c = { .page = p, .removed = public_id };
	char move_key[PAGE_MOVE_KEY_SIZE];
	struct scan scan;
	const struct form_value *value;

	*field = NULL;
	if (!is_public_id(public_id) || !scan_find(p->db, p->application.id, public_id, &scan) ||
	    strcmp(scan.form, p->spec->form->name) != 0)
		return NULL; /* gone already: what was wanted */
	for (size_t i = 0; i < p->spec->form->field_count; i++)
		if (!strcmp(p->spec->form->field[i].name, scan.field))
			*field = p->spec->form->field[i].name;
	if (!*field)
		return NULL;
	value = form_value(p->values, *field);
	if (value->locked)
		return locked_text;
	page_move_key(p, move_key);
	snprintf(c.key, sizeof(c.key), "%s.r", move_key);
	return change(&c);
}

/* The files of one body, one after the other. */
struct taking {
	struct page *page;
	/* One pair per file and one for a removal. */
	struct {
		const char *field, *error;
	} failure[FILE_COUNT_MAX + 1];
	size_t failures;
	int refused; /* pictures that were looked at and not taken */
	int64_t end_ms;
};

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void fail(struct taking *t, const char *field, const char *error)
{
	if (!error)
		return;
	t->failure[t->failures].field = field;
	t->failure[t->failures].error = error;
	t->failures++;
}

/* Whether the field has no page for the file, with those in front of it in the
 * body. A printed form may take the place of the same sheet: only its picture
 * tells. */
static bool is_beyond(const struct taking *t, const struct form_field *field, int page,
		      size_t index)
{
	const struct form_values *values = t->page->values;
	int before = 0, stored = 0, other;

	for (size_t i = 0; i < index; i++)
		before += form_scan_control(t->page->spec->form, t->page->request->file[i].name,
					    &other) == field;
	for (size_t i = 0; i < values->scan_count; i++)
		stored += !strcmp(values->scan[i].field, field->name);
	return before + (page || field->print ? 0 : stored) >= field->pages;
}

static const char *take(struct taking *t, const struct form_field *field, int page, size_t index)
{
	const char *error;

	if (form_value(t->page->values, field->name)->locked)
		return locked_text;
	if (is_beyond(t, field, page, index))
		return scan_result_text(SCAN_TOO_MANY_PAGES);
	if (t->refused >= SCANS_REFUSED_MAX || now_ms() >= t->end_ms)
		return scan_result_text(SCAN_LEFT_ALONE);
	error = store(t->page, field, page, &t->page->request->file[index], index);
	t->refused += error != NULL;
	return error;
}

static void take_files(struct taking *t)
{
	const struct request *r = t->page->request;

	for (size_t i = 0; i < r->file_count && !scan_is_unread(); i++) {
		int page;
		const struct form_field *field = form_scan_control(t->page->spec->form,
								   r->file[i].name, &page);

		if (field)
			fail(t, field->name, take(t, field, page, i));
	}
}

void page_take_scans(struct page *p)
{
	const char *removed = request_field(p->request, "remove_scan"), *field, *error;
	struct taking t = { .page = p, .end_ms = now_ms() + SCANS_DECODE_MS };

	if (!removed && !p->request->file_count)
		return;
	if (removed) {
		error = take_out(p, removed, &field);
		fail(&t, field, error);
		page_load_values(p);
	}
	take_files(&t);
	page_load_values(p);
	for (size_t i = 0; i < t.failures; i++) {
		log_line(LOG_REFUSED, "scan.refused", "field=%s", t.failure[i].field);
		form_value(p->values, t.failure[i].field)->error = t.failure[i].error;
	}
}
