/* standing.c: the forms of an application, its page, and what may be done with it. */
#include "flow/flow.h"

#include "base/die.h"
#include "db/row.h"

#define FORM_TARGETS(f)                                                               \
	DB_OR_NULL(DB_INT("ord", &(f)->ord)), DB_OR_NULL(DB_TEXT("form", (f)->name)), \
		DB_OR_NULL(DB_TEXT("form_state", (f)->state)),                        \
		DB_OR_NULL(DB_TEXT("form_event", (f)->event)),                        \
		DB_OR_NULL(DB_FLAG("complete", &(f)->complete))

/* In their order, in which they come by themselves. */
static void add_form(struct flow_standing *s, const struct flow_form *form)
{
	size_t i = s->form_count++;

	if (i == FLOW_FORMS_MAX)
		die("an application has more than %d forms", FLOW_FORMS_MAX);
	for (; i && s->form[i - 1].ord > form->ord; i--)
		s->form[i] = s->form[i - 1];
	s->form[i] = *form;
}

void flow_standing_collect(struct flow_standing *s, struct db_result *row)
{
	struct flow_form form;
	bool none;

	db_row_part(row, DB_OUT(DB_OR_NULL(DB_TEXT("page", s->page)),
				DB_OR_NULL(DB_TEXT("page_done", s->page_done)),
				DB_OR_NULL(DB_TEXT("events", s->open)), FORM_TARGETS(&form),
				DB_IS_NULL("ord", &none)));
	if (!none)
		add_form(s, &form);
}

void flow_forms_load(struct db *db, int64_t application, int64_t project, struct flow_standing *s)
{
	struct db_result *row =
		db_select(db,
			  "SELECT f.ord, f.form, f.state AS form_state, f.event AS form_event,"
			  " x.complete FROM flow_form f"
			  " LEFT JOIN application_form x ON x.application = ? AND x.form = f.form"
			  " WHERE f.flow_version = COALESCE("
			  "(SELECT flow_version FROM application WHERE id = ?),"
			  " (SELECT flow_version FROM project WHERE id = ?))",
			  DB_ARGS(db_int(application), db_int(application), db_int(project)));
	struct flow_form form;

	*s = (struct flow_standing){ .form_count = 0 };
	while (db_next_row(row, DB_OUT(FORM_TARGETS(&form))))
		add_form(s, &form);
	db_result_free(row);
}

void flow_forms_reload(struct db *db, int64_t application, struct flow_standing *s)
{
	struct db_result *row = db_select(db,
					  "SELECT form, complete FROM application_form"
					  " WHERE application = ?",
					  DB_ARGS(db_int(application)));
	const char *form;
	bool complete;

	while (db_next_row(row, DB_OUT(DB_VIEW("form", &form), DB_FLAG("complete", &complete))))
		for (size_t i = 0; i < s->form_count; i++)
			if (!strcmp(s->form[i].name, form))
				s->form[i].complete = complete;
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
