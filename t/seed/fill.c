/* fill.c: what an applicant does on the form pages: pictures, values, mending. */
#include "seed.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"
#include "check/identity-method.h"
#include "db/row.h"
#include "fill.h"

#define UPLOAD_US (20 * SEED_US) /* between two pictures */
#define SHEETS_MAX 2 /* of a printed document */

struct form_owner fill_owner(struct seed_case *c)
{
	return (struct form_owner){
		.db = seed_db(c->seed, DB_APPLY, c->at_us),
		.vault = c->seed->vault,
		.application = c->id,
		.applicant = c->applicant,
		.project = c->project,
		.application_public_id = c->public_id,
	};
}

/* As page_move_key() makes them: a key of the page, a digest of what was typed. */
static void move_key(char *out, size_t size, const char *suffix)
{
	char page[PUBLIC_ID_SIZE], hex[17];
	uint8_t digest[8];

	random_public_id(page);
	random_bytes(digest, sizeof(digest));
	hex_encode(digest, sizeof(digest), hex);
	snprintf(out, size, "%s.%s%s", page, hex, suffix);
}

/* -- pictures -- */

struct upload {
	struct seed_case *c;
	const struct form *form;
	struct scan_place place;
	char key[65];
};

static bool store(struct db *db, void *context)
{
	struct upload *u = context;
	struct form_owner owner = fill_owner(u->c);
	struct scan stored;

	if (scan_store(db, owner.vault, &u->place,
		       seed_picture(u->c->seed->pictures, u->place.field), &stored) != SCAN_TAKEN)
		return false;
	form_touch(&owner, u->form);
	return true;
}

static enum flow_result upload(struct seed_case *c, const struct form *form,
			       const struct form_field *field, int page, int sheet, int sheets)
{
	struct upload u = { .c = c,
			    .form = form,
			    .place = { .application = c->id,
				       .applicant = c->applicant,
				       .form = form->name,
				       .field = field->name,
				       .page = page,
				       .sheet = sheet,
				       .sheets = sheets,
				       .pages_max = field->pages } };

	move_key(u.key, sizeof(u.key), ".0");
	u.place.key = u.key;
	c->at_us += UPLOAD_US;
	return seed_move(c, FLOW_APPLICANT, c->applicant, "save", u.key, NULL, store, &u);
}

/* A printed agreement has two sheets, whose numbers stand in its code. */
static void upload_all(struct seed_case *c, const struct form *form)
{
	for (size_t i = 0; i < form->field_count; i++) {
		const struct form_field *field = &form->field[i];
		int sheets = 0;

		if (field->type != FORM_SCAN || !field->required)
			continue;
		if (field->print)
			sheets = strcmp(field->print, "user-agreement") ? 1 : SHEETS_MAX;
		for (int sheet = 1; sheet <= (sheets ? sheets : 1); sheet++)
			upload(c, form, field, 0, sheets ? sheet : 0, sheets);
	}
}

/* -- values -- */

struct typing {
	struct seed_case *c;
	const struct form *form;
	char text[EMAIL_MAX + 1]; /* of the control last asked for */
};

static const char *said(struct typing *t, const char *text)
{
	snprintf(t->text, sizeof(t->text), "%s", text);
	return t->text;
}

static const char *typed_person(struct typing *t, const struct seed_person *p, const char *name)
{
	if (!strcmp(name, "name"))
		return said(t, p->name);
	if (!strcmp(name, "id_number"))
		return said(t, p->id_number);
	if (!strcmp(name, "mobile"))
		return said(t, p->mobile);
	return !strcmp(name, "landline") ? said(t, p->landline) : NULL;
}

static const char *typed_company(struct typing *t, const struct seed_company *c, const char *name)
{
	if (!strcmp(name, "name") || !strcmp(name, "invoice_title"))
		return said(t, c->name);
	if (!strcmp(name, "uscc") || !strcmp(name, "invoice_tax_number"))
		return said(t, c->uscc);
	if (!strcmp(name, "region") || !strcmp(name, "address_region"))
		return said(t, c->region);
	if (!strcmp(name, "address_street"))
		return said(t, c->street);
	return !strcmp(name, "invoice_email") ? said(t, c->email) : NULL;
}

static const char *typed_address(struct typing *t, const char *name)
{
	if (!strcmp(name, "address"))
		return FORM_ADDRESS_NEW;
	if (!strcmp(name, "address_recipient"))
		return said(t, t->c->recipient.name);
	if (!strcmp(name, "address_mobile"))
		return said(t, t->c->recipient.mobile);
	return NULL;
}

static const char *chosen(struct typing *t, const char *name, const char *sql, int64_t id)
{
	db_one(seed_db(t->c->seed, DB_APPLY, t->c->at_us), sql, DB_ARGS(db_int(id)),
	       DB_OUT(DB_TEXT("chosen", t->text)));
	if (!*t->text)
		die("nothing to choose for %s", name);
	return t->text;
}

/* The way that is wished for, if the project's set has it; else the first or last. */
static const char *typed_method(struct typing *t, const char *name)
{
	char set[64];

	db_one(seed_db(t->c->seed, DB_APPLY, t->c->at_us),
	       "SELECT identity_methods FROM project WHERE id = ?", DB_ARGS(db_int(t->c->project)),
	       DB_OUT(DB_TEXT("identity_methods", set)));
	if (t->c->method && identity_method_in(set, identity_method_by_name(t->c->method)))
		return said(t, t->c->method);
	return chosen(
		t, name,
		"SELECT SUBSTRING_INDEX(identity_methods, ',', IF(RAND() < 0.5, 1, -1)) AS chosen"
		" FROM project WHERE id = ?",
		t->c->project);
}

/* One of the packages on sale; the agent's address. */
static const char *typed_order(struct typing *t, const char *name)
{
	if (!strcmp(name, "package"))
		return chosen(t, name,
			      "SELECT CAST(id AS CHAR) AS chosen FROM package_offer"
			      " WHERE project = ? AND on_sale ORDER BY RAND() LIMIT 1",
			      t->c->project);
	if (!strcmp(name, "address"))
		return chosen(
			t, name,
			"SELECT CAST(address AS CHAR) AS chosen FROM agent WHERE application = ?",
			t->c->id);
	if (!strcmp(name, "identity_method"))
		return typed_method(t, name);
	if (!strcmp(name, "courier"))
		return form_field(t->form, "courier")->option[0].value;
	return NULL;
}

/* A source of form_read(): the value of a control, NULL when it is not sent. */
static const char *typed(void *context, const char *name)
{
	struct typing *t = context;
	const char *text = NULL;

	if (!strcmp(t->form->name, "legal-rep"))
		return typed_person(t, &t->c->legal_rep, name);
	if (!strcmp(t->form->name, "agent"))
		text = typed_person(t, &t->c->agent, name);
	if (!strcmp(t->form->name, "order"))
		text = typed_order(t, name);
	if (!text && !strcmp(t->form->name, "agent"))
		text = typed_address(t, name);
	return text ? text : typed_company(t, &t->c->company, name);
}

struct saving {
	struct form_owner owner;
	struct form_values *values;
};

static bool save(struct db *db UNUSED, void *context)
{
	struct saving *s = context;

	return form_save(&s->owner, s->values) != FORM_CHANGED_MEANWHILE;
}

/* The values as typed, and the form handed in. */
static enum flow_result hand_in(struct seed_case *c, const struct form *form, bool correcting)
{
	struct typing t = { .c = c, .form = form };
	struct saving s = { .values = form_values_new(form) };
	enum flow_result result;
	char key[65], event[FLOW_EVENT_MAX + 1], detail[64];

	c->at_us += UPLOAD_US;
	s.owner = fill_owner(c);
	form_load(&s.owner, correcting, s.values);
	if (form_read(&s.owner, s.values, typed, &t))
		for (size_t i = 0; i < form->field_count; i++)
			if (s.values->value[i].error)
				die("form %s, field %s: %s", form->name, form->field[i].name,
				    s.values->value[i].error);
	move_key(key, sizeof(key), "");
	snprintf(detail, sizeof(detail), "{\"form\":\"%s\"}", form->name);
	db_one(s.owner.db,
	       "SELECT COALESCE((SELECT event FROM flow_form WHERE flow_version = ? AND form = ?"
	       " AND state = ?), 'save') AS event",
	       DB_ARGS(db_int(c->flow_version), db_text(form->name), db_text(c->state)),
	       DB_OUT(DB_TEXT("event", event)));
	result = seed_move(c, FLOW_APPLICANT, c->applicant, event, key, detail, save, &s);
	form_values_free(s.values);
	return result;
}

enum flow_result fill_form(struct seed_case *c, const struct form *form)
{
	upload_all(c, form);
	return hand_in(c, form, false);
}

/* -- correction -- */

static void mend_scan(struct seed_case *c, const struct form *form, const struct form_field *field)
{
	struct db_result *r =
		db_select(seed_db(c->seed, DB_APPLY, c->at_us),
			  "SELECT s.page, s.sheet, s.sheets FROM reason r"
			  " JOIN scan s ON s.id = r.scan WHERE r.application = ?"
			  " AND r.form = ? AND r.field = ? AND r.closed_at IS NULL",
			  DB_ARGS(db_int(c->id), db_text(form->name), db_text(field->name)));
	int page, sheet, sheets;

	while (db_next_row(r, DB_OUT(DB_INT("page", &page), DB_INT("sheet", &sheet),
				     DB_INT("sheets", &sheets))))
		upload(c, form, field, page, sheet, sheets);
	db_result_free(r);
}

/* A value is mended by another one. */
static void change_value(struct seed_case *c, const struct form *form,
			 const struct form_field *field)
{
	struct seed_random *random = &c->seed->random;
	struct seed_company other;

	if (field->type == FORM_MOBILE)
		seed_mobile(random,
			    !strcmp(form->name, "agent") ? c->agent.mobile : c->legal_rep.mobile);
	else if (field->type == FORM_TEXT) {
		seed_company(random, &c->seed->regions, &other);
		snprintf(c->company.name, sizeof(c->company.name), "%s", other.name);
	}
}

static void mend_form(struct seed_case *c, const struct form *form)
{
	struct db_result *r = db_select(seed_db(c->seed, DB_APPLY, c->at_us),
					"SELECT DISTINCT field FROM reason WHERE application = ?"
					" AND form = ? AND closed_at IS NULL AND mended_at IS NULL",
					DB_ARGS(db_int(c->id), db_text(form->name)));
	const char *name;
	bool any = false;

	while (db_next_row(r, DB_OUT(DB_VIEW("field", &name)))) {
		const struct form_field *field = form_field(form, name);

		any = true;
		if (field && field->type == FORM_SCAN)
			mend_scan(c, form, field);
		else if (field)
			change_value(c, form, field);
	}
	db_result_free(r);
	if (any)
		hand_in(c, form, true);
}

void fill_mend(struct seed_case *c)
{
	for (size_t i = 0; form_all[i]; i++)
		mend_form(c, form_all[i]);
}
