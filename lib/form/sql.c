/* sql.c: the statements for a form's table.
 *
 * The one place where SQL is put together. Only names from the form's
 * definition go in, which are constants of the program, and each is checked to
 * be [a-z_-] once more; every value is a bound parameter. */
#include "form/type.h"

#include "base/die.h"
#include "check/region.h"

static void add_name(struct buffer *sql, const char *name)
{
	if (!*name || strspn(name, "abcdefghijklmnopqrstuvwxyz_-") != strlen(name))
		die("%s cannot be a column", name);
	buffer_puts(sql, name);
}

static void add_column(struct buffer *sql, const char *name)
{
	buffer_putc(sql, '`');
	add_name(sql, name);
	buffer_putc(sql, '`');
}

/* The value of another form: "company.uscc". */
static void add_offer(struct buffer *sql, const char *from)
{
	size_t table = strcspn(from, ".");
	struct buffer name = BUFFER_INIT;

	buffer_add(&name, from, table);
	buffer_puts(sql, ", (SELECT CAST(f.");
	add_column(sql, from + table + 1);
	buffer_puts(sql, " AS CHAR) FROM ");
	add_column(sql, buffer_text(&name));
	buffer_puts(sql, " f WHERE f.application = a.id)");
	buffer_release(&name);
}

/* The name of a field's column in form_sql_load(): `part` is FORM_SQL_VALUE … */
static void add_alias(struct buffer *sql, const char *part, const char *name)
{
	buffer_puts(sql, " AS `");
	buffer_puts(sql, part);
	add_name(sql, name);
	buffer_putc(sql, '`');
}

/* Columns: of one live scan (SCAN_COLUMNS), version, complete, then of each
 * field with a column its value, of a region its names, and the offer where it
 * has one, each under its name (FORM_SQL_VALUE …). A row for each scan, one if there
 * is none. Parameter: application. */
char *form_sql_load(const struct form *form)
{
	struct buffer sql = BUFFER_INIT;

	buffer_puts(&sql, "SELECT " SCAN_COLUMNS ", t.version, t.complete");
	for (size_t i = 0; i < form->field_count; i++) {
		const struct form_field *field = &form->field[i];
		const struct form_type_row *type = form_type_of(field);

		if (!type->column)
			continue;
		buffer_puts(&sql, type->number ? ", CAST(t." : ", t.");
		add_column(&sql, field->name);
		buffer_puts(&sql, type->number ? " AS CHAR)" : "");
		add_alias(&sql, FORM_SQL_VALUE, field->name);
		if (field->type == FORM_REGION) {
			buffer_puts(&sql, ", (" REGION_NAMES_SQL "t.");
			add_column(&sql, field->name);
			buffer_putc(&sql, ')');
			add_alias(&sql, FORM_SQL_WORDS, field->name);
		}
		if (field->from) {
			add_offer(&sql, field->from);
			add_alias(&sql, FORM_SQL_OFFER, field->name);
		}
	}
	buffer_puts(&sql, " FROM application a LEFT JOIN ");
	add_column(&sql, form->table);
	buffer_puts(&sql, " t ON t.application = a.id LEFT JOIN scan s"
			  " ON s.application = a.id AND s.removed_at IS NULL AND s.form = '");
	add_name(&sql, form->name);
	buffer_puts(&sql, "' WHERE a.id = ? ORDER BY s.field, s.page");
	return buffer_detach(&sql);
}

/* Parameter: application. */
char *form_sql_version(const struct form *form)
{
	struct buffer sql = BUFFER_INIT;

	buffer_puts(&sql, "SELECT version FROM ");
	add_column(&sql, form->table);
	buffer_puts(&sql, " WHERE application = ?");
	return buffer_detach(&sql);
}

/* Calls add once a stored column, in the order of save.c's parameters. */
static void each_column(struct buffer *sql, const struct form *form,
			void (*add)(struct buffer *, const char *column))
{
	struct buffer index = BUFFER_INIT;

	for (size_t i = 0; i < form->field_count; i++) {
		const struct form_field *field = &form->field[i];

		if (!form_type_of(field)->column)
			continue;
		add(sql, field->name);
		if (!form_type_of(field)->indexed)
			continue;
		buffer_reset(&index);
		buffer_printf(&index, "%s_index", field->name);
		add(sql, buffer_text(&index));
	}
	buffer_release(&index);
}

static void add_listed(struct buffer *sql, const char *column)
{
	add_column(sql, column);
	buffer_puts(sql, ", ");
}

static void add_mark(struct buffer *sql, const char *column UNUSED)
{
	buffer_puts(sql, "?, ");
}

static void add_set(struct buffer *sql, const char *column)
{
	add_column(sql, column);
	buffer_puts(sql, " = ?, ");
}

/* Parameters: application, the columns. */
char *form_sql_insert(const struct form *form)
{
	struct buffer sql = BUFFER_INIT;

	buffer_puts(&sql, "INSERT INTO ");
	add_column(&sql, form->table);
	buffer_puts(&sql, " (application, ");
	each_column(&sql, form, add_listed);
	buffer_puts(&sql, "complete, version, updated_at) VALUES (?, ");
	each_column(&sql, form, add_mark);
	buffer_puts(&sql, "FALSE, 1, UTC_TIMESTAMP(3))");
	return buffer_detach(&sql);
}

/* Parameters: the columns, application, version. */
char *form_sql_update(const struct form *form)
{
	struct buffer sql = BUFFER_INIT;

	buffer_puts(&sql, "UPDATE ");
	add_column(&sql, form->table);
	buffer_puts(&sql, " SET ");
	each_column(&sql, form, add_set);
	buffer_puts(&sql, "version = version + 1, updated_at = UTC_TIMESTAMP(3)"
			  " WHERE application = ? AND version = ?");
	return buffer_detach(&sql);
}

/* Parameters: whether the scans are whole, application. */
char *form_sql_complete(const struct form *form)
{
	struct buffer sql = BUFFER_INIT;

	buffer_puts(&sql, "UPDATE ");
	add_column(&sql, form->table);
	buffer_puts(&sql, " SET complete = (?");
	for (size_t i = 0; i < form->field_count; i++) {
		if (!form->field[i].required || !form_type_of(&form->field[i])->column)
			continue;
		buffer_puts(&sql, " AND ");
		add_column(&sql, form->field[i].name);
		buffer_puts(&sql, " IS NOT NULL");
	}
	buffer_puts(&sql, ") WHERE application = ?");
	return buffer_detach(&sql);
}

void form_sql_columns(const struct form *form, struct buffer *out)
{
	each_column(out, form, add_listed);
}

/* Name and number; a form that asks for neither names nobody. */
void form_sql_same_person(const struct form *form, struct buffer *out)
{
	bool any = false;

	for (size_t i = 0; i < form->field_count; i++) {
		const struct form_field *field = &form->field[i];

		if (field->type != FORM_PERSON && field->type != FORM_ID_NUMBER)
			continue;
		buffer_puts(out, any ? " AND NEW." : "NEW.");
		add_column(out, field->name);
		buffer_puts(out, " <=> OLD.");
		add_column(out, field->name);
		any = true;
	}
	buffer_puts(out, any ? "" : "TRUE");
}
