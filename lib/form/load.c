/* load.c: a form as stored, with its scans and the reviewer's reasons. */
#include "form/type.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"
#include "check/region.h"
#include "db/row.h"
#include "review/review.h"

#define COLUMN_NAME_SIZE (FIELD_NAME_MAX + sizeof(FORM_SQL_VALUE))

/* What a row holds of one field. */
struct column {
	char value_name[COLUMN_NAME_SIZE], words_name[COLUMN_NAME_SIZE],
		offer_name[COLUMN_NAME_SIZE];
	struct db_blob value; /* data NULL: none */
	const char *words, *offer;
};

/* The columns of a form's row, and the targets that read them. */
struct row {
	int version;
	bool complete;
	struct column *column; /* one per field */
	struct db_out *out;
	size_t count;
};

static const char *name_column(char out[COLUMN_NAME_SIZE], const char *part, const char *field)
{
	if (snprintf(out, COLUMN_NAME_SIZE, "%s%s", part, field) >= (int)COLUMN_NAME_SIZE)
		die("the name of the field %s is too long", field);
	return out;
}

static void aim(struct row *row, struct db_out out)
{
	row->out[row->count++] = db_or_null(out);
}

static void aim_at_field(struct row *row, const struct form_field *field, struct column *c)
{
	aim(row, DB_BLOB(name_column(c->value_name, FORM_SQL_VALUE, field->name), &c->value));
	if (field->type == FORM_REGION)
		aim(row,
		    DB_VIEW(name_column(c->words_name, FORM_SQL_WORDS, field->name), &c->words));
	if (field->from)
		aim(row,
		    DB_VIEW(name_column(c->offer_name, FORM_SQL_OFFER, field->name), &c->offer));
}

static void take_row(struct db_result *r, const struct form *form, struct row *row)
{
	row->column = xcalloc(form->field_count, sizeof(*row->column));
	row->out = xcalloc(2 + 3 * form->field_count, sizeof(*row->out));
	aim(row, DB_INT("version", &row->version));
	aim(row, DB_FLAG("complete", &row->complete));
	for (size_t i = 0; i < form->field_count; i++)
		if (form_type_of(&form->field[i])->column)
			aim_at_field(row, &form->field[i], &row->column[i]);
	db_row_part(r, (struct db_outs){ row->out, row->count });
}

static void unseal(const struct form_owner *owner, const struct form *form, const char *column,
		   const struct db_blob *sealed, struct buffer *out)
{
	struct buffer context = BUFFER_INIT;

	buffer_printf(&context, "%s.%s:%" PRId64, form->table, column, owner->application);
	if (!vault_unseal(owner->vault, buffer_text(&context), sealed->data, sealed->len, out))
		die("%s does not open", buffer_text(&context));
	buffer_release(&context);
}

/* Takes the field's value, and its offer while nothing is stored. */
static void take_field(const struct form_owner *owner, struct form_values *values, size_t i,
		       const struct column *c)
{
	const struct form_field *field = &values->form->field[i];
	struct form_value *v = &values->value[i];
	struct buffer plain = BUFFER_INIT;

	if (c->value.data && form_type_of(field)->sealed)
		unseal(owner, values->form, field->name, &c->value, &plain);
	else if (c->value.data)
		buffer_puts(&plain, c->value.data);
	form_value_set(v, buffer_text(&plain));
	free(v->stored);
	v->stored = xstrdup(buffer_text(&plain));
	buffer_wipe(&plain);
	if (field->type == FORM_REGION) {
		region_join_names(c->words, &plain);
		free(v->words);
		v->words = buffer_detach(&plain);
	}
	if (field->from && !values->version)
		form_value_set(v, c->offer);
}

static void load_row(const struct form_owner *owner, struct form_values *values)
{
	char *sql = form_sql_load(values->form);
	struct db_result *r = db_select(owner->db, sql, DB_ARGS(db_int(owner->application)));
	struct row row = { .count = 0 };

	if (!db_next(r))
		die("no application %" PRId64, owner->application);
	take_row(r, values->form, &row);
	values->version = values->loaded_version = row.version;
	values->complete = row.complete;
	for (size_t i = 0; i < values->form->field_count; i++)
		if (form_type_of(&values->form->field[i])->column)
			take_field(owner, values, i, &row.column[i]);
	do
		scan_collect(r, &values->scan, &values->scan_count);
	while (db_next(r));
	db_result_free(r);
	free(row.column);
	free(row.out);
	free(sql);
}

/* The value of a scan field is how many pages are there. */
static void count_pages(struct form_values *values)
{
	for (size_t i = 0; i < values->form->field_count; i++) {
		const struct form_field *field = &values->form->field[i];
		size_t n = 0;
		char pages[24];

		if (field->type != FORM_SCAN)
			continue;
		for (size_t j = 0; j < values->scan_count; j++)
			n += strcmp(values->scan[j].field, field->name) == 0;
		snprintf(pages, sizeof(pages), "%zu", n);
		form_value_set(&values->value[i], n ? pages : "");
	}
}

static bool ends_a_sentence(const char *text)
{
	static const char stop[] = "。";
	size_t n = strlen(text), m = sizeof(stop) - 1;

	return n >= m && !strcmp(text + n - m, stop);
}

/* Several reasons at one field become one text. */
static void add_reason(struct form_value *v, const char *text, const char *note, bool mended,
		       int page)
{
	struct buffer all = BUFFER_INIT;

	if (v->reason)
		buffer_printf(&all, "%s；", v->reason);
	if (page)
		buffer_printf(&all, "第 %d 页：", page);
	buffer_puts(&all, text);
	if (*note)
		buffer_printf(&all, "%s%s", *text && !ends_a_sentence(text) ? "。" : "", note);
	v->mended = mended && (!v->reason || v->mended);
	free(v->reason);
	v->reason = buffer_detach(&all);
	v->locked = false;
}

static void load_reasons(const struct form_owner *owner, struct form_values *values)
{
	struct db_result *r = review_for_form(owner->db, owner->application, values->form->name);
	struct review_for_form reason;

	for (size_t i = 0; i < values->form->field_count; i++)
		values->value[i].locked = true;
	while (review_for_form_next(r, &reason)) {
		const struct form_field *field = form_field(values->form, reason.field);

		if (field)
			add_reason(&values->value[field - values->form->field], reason.text,
				   reason.note, reason.mended, field->pages > 1 ? reason.page : 0);
	}
	db_result_free(r);
}

void form_load(const struct form_owner *owner, bool correcting, struct form_values *values)
{
	load_row(owner, values);
	count_pages(values);
	if (correcting)
		load_reasons(owner, values);
}
