/* load.c: a form as stored, with its scans and the reviewer's reasons. */
#include "form/type.h"

#include <inttypes.h>

#include "base/alloc.h"
#include "base/die.h"
#include "check/region.h"

static void unseal(const struct form_owner *owner, const struct form *form, const char *column,
		   struct db_result *row, unsigned at, struct buffer *out)
{
	struct buffer context = BUFFER_INIT;
	size_t len;
	const void *sealed = db_bytes_at(row, at, &len);

	buffer_printf(&context, "%s.%s:%" PRId64, form->table, column, owner->application);
	if (!vault_unseal(owner->vault, buffer_text(&context), sealed, len, out))
		die("%s does not open", buffer_text(&context));
	buffer_release(&context);
}

/* Takes the field's column, and its offer behind it while nothing is stored. */
static void take_column(const struct form_owner *owner, struct form_values *values, size_t i,
			struct db_result *row, unsigned *at)
{
	const struct form_field *field = &values->form->field[i];
	struct form_value *v = &values->value[i];
	struct buffer plain = BUFFER_INIT;

	if (!db_is_null(row, *at)) {
		if (form_type_of(field)->sealed)
			unseal(owner, values->form, field->name, row, *at, &plain);
		else
			buffer_puts(&plain, db_text_at(row, *at));
	}
	++*at;
	form_value_set(v, buffer_text(&plain));
	free(v->stored);
	v->stored = xstrdup(buffer_text(&plain));
	buffer_wipe(&plain);
	if (field->type == FORM_REGION) {
		region_join_names(db_text_at(row, *at), &plain);
		free(v->words);
		v->words = buffer_detach(&plain);
		++*at;
	}
	if (!field->from)
		return;
	if (!values->version)
		form_value_set(v, db_text_at(row, *at));
	++*at;
}

static void load_row(const struct form_owner *owner, struct form_values *values)
{
	char *sql = form_sql_load(values->form);
	struct db_result *row = db_select(owner->db, sql, DB_ARGS(db_int(owner->application)));
	unsigned at = SCAN_COLUMN_COUNT;

	if (!db_next(row))
		die("no application %" PRId64, owner->application);
	values->version = values->loaded_version = (int)db_int_at(row, at++);
	values->complete = db_int_at(row, at++) != 0;
	for (size_t i = 0; i < values->form->field_count; i++)
		if (form_type_of(&values->form->field[i])->column)
			take_column(owner, values, i, row, &at);
	do
		scan_collect(row, &values->scan, &values->scan_count);
	while (db_next(row));
	db_result_free(row);
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
	struct db_result *row = db_select(
		owner->db,
		"SELECT r.field, t.text, r.note, r.mended_at IS NOT NULL, s.page FROM reason r"
		" LEFT JOIN reason_text t ON t.code = r.code"
		" LEFT JOIN scan s ON s.id = r.scan AND s.removed_at IS NULL"
		" WHERE r.application = ? AND r.form = ? AND r.closed_at IS NULL ORDER BY r.id",
		DB_ARGS(db_int(owner->application), db_text(values->form->name)));

	for (size_t i = 0; i < values->form->field_count; i++)
		values->value[i].locked = true;
	while (db_next(row)) {
		const struct form_field *field = form_field(values->form, db_text_at(row, 0));

		if (field)
			add_reason(&values->value[field - values->form->field], db_text_at(row, 1),
				   db_text_at(row, 2), db_int_at(row, 3),
				   field->pages > 1 ? (int)db_int_at(row, 4) : 0);
	}
	db_result_free(row);
}

void form_load(const struct form_owner *owner, bool correcting, struct form_values *values)
{
	load_row(owner, values);
	count_pages(values);
	if (correcting)
		load_reasons(owner, values);
}
