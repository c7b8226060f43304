/* render.c: a form on the phone. */
#include "form/type.h"

/* A field that may not be changed now: its value for reading. */
static void render_locked(struct form_drawing *d, const struct form_field *field,
			  const struct form_value *v)
{
	struct buffer id = BUFFER_INIT, text = BUFFER_INIT;

	buffer_printf(&id, "field-%s", field->name);
	markup_open(d->m, "div", "class", "yj-field yj-field_locked", "id", buffer_text(&id),
		    "data-field", field->name, NULL);
	markup_element(d->m, "p", field->label, "class", "yj-field__label", NULL);
	form_type_of(field)->text(d->owner, field, v, FORM_MASKED, &text);
	markup_element(d->m, "p", text.len ? buffer_text(&text) : "未填写", NULL);
	markup_element(d->m, "p", "无需修改", "class", "yj-field__hint", NULL);
	markup_close(d->m, "div");
	buffer_release(&id);
	buffer_wipe(&text);
}

static void render_version(struct markup *m, const struct form_values *values)
{
	char version[16];

	snprintf(version, sizeof(version), "%d",
		 values->saved_version ? values->saved_version : values->version);
	markup_void(m, "input", "type", "hidden", "name", "version", "value", version, NULL);
}

void form_render(struct markup *m, const struct form_owner *owner, const struct form_values *values)
{
	struct form_drawing d = { m, owner, values };

	render_version(m, values);
	for (size_t i = 0; i < values->form->field_count; i++) {
		const struct form_field *field = &values->form->field[i];
		const struct form_value *v = &values->value[i];

		if (v->locked && field->type != FORM_SCAN)
			render_locked(&d, field, v);
		else
			form_type_of(field)->render(&d, field, v);
	}
}

static void render_error(struct markup *m, const char *control, const char *error)
{
	struct buffer href = BUFFER_INIT;

	buffer_printf(&href, "#%s", control);
	markup_open(m, "li", NULL);
	markup_element(m, "a", error, "href", buffer_text(&href), NULL);
	markup_close(m, "li");
	buffer_release(&href);
}

/* Errors in the parts of a new address stand for the address's own. */
static size_t part_errors(struct markup *m, const struct form_field *field,
			  const struct form_value *v)
{
	struct buffer control = BUFFER_INIT;
	size_t n = 0;

	for (size_t i = 0; v->address && i < FORM_ADDRESS_PART_COUNT; i++) {
		if (!v->address->part[i].error)
			continue;
		n++;
		if (!m)
			continue;
		form_address_control(field, i, &control);
		render_error(m, buffer_text(&control), v->address->part[i].error);
	}
	buffer_release(&control);
	return n;
}

static size_t errors_of(struct markup *m, const struct form_field *field,
			const struct form_value *v)
{
	size_t n;

	if (!v->error)
		return 0;
	n = part_errors(m, field, v);
	if (n)
		return n;
	if (m)
		render_error(m, field->name, v->error);
	return 1;
}

static size_t all_errors(struct markup *m, const struct form_values *values)
{
	size_t n = 0;

	for (size_t i = 0; i < values->form->field_count; i++)
		n += errors_of(m, &values->form->field[i], &values->value[i]);
	return n;
}

void form_render_errors(struct markup *m, const struct form_values *values)
{
	size_t n = all_errors(NULL, values);

	if (!n)
		return;
	markup_open(m, "div", "class", "yj-errors", "id", "errors", "role", "alert", "tabindex",
		    "-1", "aria-labelledby", "errors-title", NULL);
	markup_open(m, "h2", "id", "errors-title", NULL);
	markup_printf(m, "有 %zu 处需要修改", n);
	markup_close(m, "h2");
	markup_open(m, "ul", NULL);
	all_errors(m, values);
	markup_close(m, "ul");
	markup_close(m, "div");
}
