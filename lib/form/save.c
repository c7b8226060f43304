/* save.c: valid values into the form's table. */
#include "form/type.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"
#include "review/review.h"

#define ARGS_MAX 64

/* The parameters of a statement and the bytes they point to. */
struct saving {
	const struct form_owner *owner;
	struct form_values *values;
	struct db_arg arg[ARGS_MAX];
	size_t count;
	struct buffer sealed[ARGS_MAX];
	uint8_t index[ARGS_MAX][SHA256_SIZE];
};

static void add(struct saving *s, struct db_arg arg)
{
	if (s->count == ARGS_MAX)
		die("form %s has too many columns", s->values->form->name);
	s->arg[s->count++] = arg;
}

/* An address has its number once it is in the book. */
static void add_address(struct saving *s, struct form_value *v)
{
	const char *id = form_value_kept(v);

	if (form_address_ready(v)) {
		free(v->saved);
		v->saved = xprintf("%" PRId64, form_address_store(s->owner, v));
		id = v->saved;
	} else if (strcmp(id, FORM_ADDRESS_NEW) == 0) {
		id = v->stored;
	}
	add(s, *id ? db_int(strtoll(id, NULL, 10)) : db_null());
}

static void add_sealed(struct saving *s, const struct form_field *field, const char *text)
{
	struct buffer *sealed = &s->sealed[s->count], context = BUFFER_INIT;

	buffer_printf(&context, "%s.%s:%" PRId64, s->values->form->table, field->name,
		      s->owner->application);
	vault_seal(s->owner->vault, buffer_text(&context), text, strlen(text), sealed);
	add(s, db_bytes(sealed->data, sealed->len));
	buffer_release(&context);
}

static void add_index(struct saving *s, const struct form_type_row *type, const char *text)
{
	struct buffer folded = BUFFER_INIT;

	if (!*text) {
		add(s, db_null());
		return;
	}
	if (type->fold)
		type->fold(text, &folded);
	vault_index(s->owner->vault, type->element, type->fold ? buffer_text(&folded) : text,
		    s->index[s->count]);
	add(s, db_bytes(s->index[s->count], SHA256_SIZE));
	buffer_wipe(&folded);
}

static void add_value(struct saving *s, const struct form_field *field, struct form_value *v)
{
	const struct form_type_row *type = form_type_of(field);
	const char *text = form_value_kept(v);

	if (field->type == FORM_ADDRESS)
		add_address(s, v);
	else if (*text && type->sealed)
		add_sealed(s, field, text);
	else if (*text && type->number)
		add(s, db_int(strtoll(text, NULL, 10)));
	else if (*text)
		add(s, db_text(text));
	else
		add(s, db_null());
	if (type->indexed)
		add_index(s, type, text);
}

static void add_values(struct saving *s)
{
	const struct form *form = s->values->form;

	for (size_t i = 0; i < form->field_count; i++)
		if (form_type_of(&form->field[i])->column)
			add_value(s, &form->field[i], &s->values->value[i]);
}

static bool insert(struct saving *s)
{
	const struct form *form = s->values->form;
	char *sql = form_sql_insert(form);
	long done;

	add(s, db_int(s->owner->application));
	add_values(s);
	done = db_exec(s->owner->db, sql, (struct db_args){ s->arg, s->count });
	free(sql);
	return done != DB_DUPLICATE;
}

static bool update(struct saving *s)
{
	const struct form *form = s->values->form;
	char *sql = form_sql_update(form);
	long done;

	add_values(s);
	add(s, db_int(s->owner->application));
	add(s, db_int(s->values->version));
	done = db_exec(s->owner->db, sql, (struct db_args){ s->arg, s->count });
	free(sql);
	return done > 0;
}

/* A new address counts once it is whole; written, when it is another entry. */
static bool field_changed(const struct form_field *field, const struct form_value *v)
{
	if (!form_type_of(field)->column || v->locked)
		return false;
	if (v->saved)
		return strcmp(v->saved, v->stored) != 0;
	if (field->type == FORM_ADDRESS && strcmp(v->text, FORM_ADDRESS_NEW) == 0)
		return form_address_ready(v);
	return form_value_changed(v);
}

static bool changed(const struct form_values *values)
{
	for (size_t i = 0; i < values->form->field_count; i++)
		if (field_changed(&values->form->field[i], &values->value[i]))
			return true;
	return false;
}

static void mend_reasons(const struct form_owner *owner, const struct form_values *values)
{
	for (size_t i = 0; i < values->form->field_count; i++) {
		const struct form_value *v = &values->value[i];

		if (!v->reason || v->mended || !field_changed(&values->form->field[i], v))
			continue;
		review_field_mended(owner->db, owner->application, values->form->name,
				    values->form->field[i].name);
	}
}

/* Whether a form is complete is decided here and nowhere else: the row has
 * every required value, and its scans are whole. The row or a scan was written
 * before in this transaction, so the application is locked (routines/form.sql,
 * form_check_writable) and no scan changes meanwhile. */
static void decide_complete(const struct form_owner *owner, const struct form *form)
{
	size_t count;
	struct scan *scan = scan_list(owner->db, owner->application, form->name, &count);
	char *sql = form_sql_complete(form);

	db_exec(owner->db, sql,
		DB_ARGS(db_int(form_scans_whole(form, scan, count)), db_int(owner->application)));
	free(sql);
	free(scan);
}

static int stored_version(const struct form_owner *owner, const struct form *form)
{
	char *sql = form_sql_version(form);
	int version = (int)db_number(owner->db, sql, DB_ARGS(db_int(owner->application)));

	free(sql);
	return version;
}

/* The transaction may be repeated, so nothing that the work reads is changed
 * by it: what was written goes to `saved` and `saved_version`. */
enum form_saved form_save(const struct form_owner *owner, struct form_values *values)
{
	struct saving *s;
	bool done;

	if (values->loaded_version && !changed(values)) {
		values->saved_version = values->loaded_version;
		return FORM_UNCHANGED;
	}
	s = xcalloc(1, sizeof(*s));
	s->owner = owner;
	s->values = values;
	done = values->version ? update(s) : insert(s);
	for (size_t i = 0; i < s->count; i++)
		buffer_release(&s->sealed[i]);
	free(s);
	if (!done) {
		values->version = stored_version(owner, values->form);
		return FORM_CHANGED_MEANWHILE;
	}
	values->saved_version = values->version + 1;
	decide_complete(owner, values->form);
	mend_reasons(owner, values);
	return FORM_SAVED;
}

void form_touch(const struct form_owner *owner, const struct form *form)
{
	const char *field[FIELD_COUNT_MAX];
	size_t count = 0;

	decide_complete(owner, form);
	for (size_t i = 0; i < form->field_count; i++)
		if (form->field[i].type == FORM_SCAN)
			field[count++] = form->field[i].name;
	if (count)
		review_scans_mended(owner->db, owner->application, form->name, field, count);
}
