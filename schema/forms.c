/* forms.c: statements that stand for one of each form.
 *
 * In the files of routines/ and in grants.sql, a statement with one of the marks below is
 * run once for each form, in the order of form_all. What the marks stand for
 * comes from forms/NAME.xml, as form-to-c.xsl made it; so a new form has its
 * triggers and its rights when its file is there. */
#include "migrate.h"

#include "base/alloc.h"
#include "form/form.h"

static void put_form(const struct form *form, struct buffer *out)
{
	buffer_puts(out, form->name);
}

static void put_table(const struct form *form, struct buffer *out)
{
	buffer_puts(out, form->table);
}

static const struct {
	const char *word;
	void (*put)(const struct form *, struct buffer *out);
} marks[] = {
	{ "{form}", put_form }, /* legal-rep */
	{ "{table}", put_table }, /* legal_rep */
	{ "{columns}", form_sql_columns }, /* name, name_index, … each with a comma behind */
	{ "{same_person}", form_sql_same_person }, /* in a trigger: of OLD and NEW */
};

static bool has_marks(const char *sql)
{
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (strstr(sql, marks[i].word))
			return true;
	return false;
}

static char *for_form(const char *sql, const struct form *form)
{
	struct buffer out = BUFFER_INIT;

	while (*sql) {
		size_t i = 0;

		while (i < ARRAY_SIZE(marks) && strncmp(sql, marks[i].word, strlen(marks[i].word)))
			i++;
		if (i < ARRAY_SIZE(marks)) {
			marks[i].put(form, &out);
			sql += strlen(marks[i].word);
		} else {
			buffer_putc(&out, *sql++);
		}
	}
	return buffer_detach(&out);
}

static size_t count_forms(void)
{
	size_t n = 0;

	while (form_all[n])
		n++;
	return n;
}

/* The sum changes with the forms, so that their change is applied. */
static void add_to_sum(struct script *s, const struct buffer *made)
{
	struct buffer text = BUFFER_INIT;
	uint8_t hash[SHA256_SIZE];

	buffer_printf(&text, "%s\n%s", s->sha256, buffer_text(made));
	digest_sha256(buffer_text(&text), text.len, hash);
	hex_encode(hash, sizeof(hash), s->sha256);
	buffer_release(&text);
}

void script_each_form(struct script *s)
{
	struct statement *list = xcalloc(s->count * count_forms() + 1, sizeof(*list));
	struct buffer made = BUFFER_INIT;
	size_t count = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct statement *from = &s->statement[i];

		if (!has_marks(from->sql)) {
			list[count++] = *from;
			continue;
		}
		for (size_t k = 0; form_all[k]; k++) {
			list[count] = (struct statement){ xstrdup(from->path), from->line,
							  for_form(from->sql, form_all[k]) };
			buffer_puts(&made, list[count++].sql);
		}
		free(from->path);
		free(from->sql);
	}
	free(s->statement);
	s->statement = list;
	s->count = count;
	if (made.len)
		add_to_sum(s, &made);
	buffer_release(&made);
}
