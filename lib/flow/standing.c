/* standing.c: the forms of an application, its page, and what may be done with it. */
#include "flow/flow.h"

#include "base/die.h"

static void copy(char *out, size_t size, const char *text)
{
	if (snprintf(out, size, "%s", text) >= (int)size)
		die("a row of the flow is longer than its place: %s", text);
}
#define COPY(array, text) copy(array, sizeof(array), text)

/* In their order, in which they come by themselves. */
static void add_form(struct flow_standing *s, const struct db_result *row, unsigned at)
{
	struct flow_form form = { .ord = (int)db_int_at(row, at) };
	size_t i = s->form_count++;

	if (i == FLOW_FORMS_MAX)
		die("an application has more than %d forms", FLOW_FORMS_MAX);
	COPY(form.name, db_text_at(row, at + 1));
	COPY(form.state, db_text_at(row, at + 2));
	COPY(form.event, db_text_at(row, at + 3));
	form.complete = db_int_at(row, at + 4) != 0;
	for (; i && s->form[i - 1].ord > form.ord; i--)
		s->form[i] = s->form[i - 1];
	s->form[i] = form;
}

void flow_standing_collect(struct flow_standing *s, const struct db_result *row, unsigned at)
{
	if (!s->form_count) {
		COPY(s->page, db_text_at(row, at));
		COPY(s->page_done, db_text_at(row, at + 1));
		COPY(s->open, db_text_at(row, at + 2));
	}
	if (!db_is_null(row, at + 3))
		add_form(s, row, at + 3);
}

void flow_forms_load(struct db *db, int64_t application, int64_t project, struct flow_standing *s)
{
	struct db_result *row =
		db_select(db,
			  "SELECT f.ord, f.form, f.state, f.event, x.complete FROM flow_form f"
			  " LEFT JOIN application_form x ON x.application = ? AND x.form = f.form"
			  " WHERE f.flow_version = COALESCE("
			  "(SELECT flow_version FROM application WHERE id = ?),"
			  " (SELECT flow_version FROM project WHERE id = ?))",
			  DB_ARGS(db_int(application), db_int(application), db_int(project)));

	*s = (struct flow_standing){ .form_count = 0 };
	while (db_next(row))
		add_form(s, row, 0);
	db_result_free(row);
}

void flow_forms_reload(struct db *db, int64_t application, struct flow_standing *s)
{
	struct db_result *row = db_select(db,
					  "SELECT form, complete FROM application_form"
					  " WHERE application = ?",
					  DB_ARGS(db_int(application)));

	while (db_next(row))
		for (size_t i = 0; i < s->form_count; i++)
			if (!strcmp(s->form[i].name, db_text_at(row, 0)))
				s->form[i].complete = db_int_at(row, 1) != 0;
	db_result_free(row);
}

bool flow_is_open(const struct flow_standing *s, const char *event)
{
	size_t len = strlen(event);

	for (const char *at = s->open; *at; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == len && !memcmp(at, event, len))
			return true;
	return false;
}

const struct flow_form *flow_form_named(const struct flow_standing *s, const char *name)
{
	for (size_t i = 0; i < s->form_count; i++)
		if (!strcmp(s->form[i].name, name))
			return &s->form[i];
	return NULL;
}

const struct flow_form *flow_form_of_turn(const struct flow_standing *s, const char *state)
{
	for (size_t i = 0; i < s->form_count; i++)
		if (!strcmp(s->form[i].state, state))
			return &s->form[i];
	return NULL;
}
