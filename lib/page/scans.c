/* scans.c: scans sent with a form, without script. */
#include "page/contract.h"

#include "base/log.h"

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

/* One pair per file and one for a removal. */
struct failure {
	const char *field, *error;
};

void page_take_scans(struct page *p)
{
	const struct request *r = p->request;
	const char *removed = request_field(r, "remove_scan");
	struct failure failure[FILE_COUNT_MAX + 1];
	size_t n = 0;

	if (!removed && !r->file_count)
		return;
	if (removed) {
		failure[n].error = take_out(p, removed, &failure[n].field);
		n += failure[n].error != NULL;
	}
	for (size_t i = 0; i < r->file_count; i++) {
		int page;
		const struct form_field *field = form_scan_control(p->spec->form, r->file[i].name,
								   &page);

		if (!field)
			continue;
		failure[n].field = field->name;
		failure[n].error = form_value(p->values, field->name)->locked ?
					   locked_text :
					   store(p, field, page, &r->file[i], i);
		n += failure[n].error != NULL;
	}
	page_load_values(p);
	for (size_t i = 0; i < n; i++) {
		log_line(LOG_REFUSED, "scan.refused", "field=%s", failure[i].field);
		form_value(p->values, failure[i].field)->error = failure[i].error;
	}
}
