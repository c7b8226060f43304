/* value.c: the values of a form in memory. */
#include "form/type.h"

#include "base/alloc.h"
#include "base/die.h"

struct form_values *form_values_new(const struct form *form)
{
	struct form_values *values = xcalloc(1, sizeof(*values));

	values->form = form;
	values->value = xcalloc(form->field_count, sizeof(*values->value));
	for (size_t i = 0; i < form->field_count; i++) {
		values->value[i].text = xstrdup("");
		values->value[i].stored = xstrdup("");
	}
	return values;
}

void form_value_release(struct form_value *v)
{
	if (v->search) {
		free(v->search->found);
		free(v->search);
	}
	if (v->address) {
		for (size_t i = 0; i < FORM_ADDRESS_PART_COUNT; i++)
			form_value_release(&v->address->part[i]);
		free(v->address);
	}
	free(v->text);
	free(v->stored);
	free(v->words);
	free(v->saved);
	free(v->said);
	free(v->reason);
}

void form_values_free(struct form_values *values)
{
	if (!values)
		return;
	for (size_t i = 0; i < values->form->field_count; i++)
		form_value_release(&values->value[i]);
	free(values->value);
	free(values->scan);
	free(values);
}

const struct form_field *form_field(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->field_count; i++)
		if (strcmp(form->field[i].name, name) == 0)
			return &form->field[i];
	return NULL;
}

struct form_value *form_value(struct form_values *values, const char *name)
{
	const struct form_field *field = form_field(values->form, name);

	if (!field)
		die("form %s has no field %s", values->form->name, name);
	return &values->value[field - values->form->field];
}

void form_value_set(struct form_value *v, const char *text)
{
	char *copy = xstrdup(text);

	free(v->text);
	v->text = copy;
}

void form_value_say(struct form_value *v, const char *fmt, ...)
{
	struct buffer text = BUFFER_INIT;
	va_list ap;

	va_start(ap, fmt);
	buffer_vprintf(&text, fmt, ap);
	va_end(ap);
	free(v->said);
	v->said = buffer_detach(&text);
	v->error = v->said;
}

const char *form_value_kept(const struct form_value *v)
{
	return v->error || v->locked ? v->stored : v->text;
}

bool form_value_changed(const struct form_value *v)
{
	return strcmp(form_value_kept(v), v->stored) != 0;
}
