/* choice.c: one of a field's options, and a box to tick. */
#include "form/type.h"

static const struct form_option *option_of(const struct form_field *field, const char *value)
{
	for (size_t i = 0; i < field->option_count; i++)
		if (strcmp(field->option[i].value, value) == 0)
			return &field->option[i];
	return NULL;
}

void form_read_choice(struct form_reading *r, const struct form_field *field, struct form_value *v)
{
	const char *typed = r->source(r->context, field->name);

	if (!typed)
		return;
	if (*typed && !option_of(field, typed)) {
		v->error = "没有这个选项，请重新选择";
		form_value_set(v, "");
		return;
	}
	form_value_set(v, typed);
}

void form_render_choice(struct form_drawing *d, const struct form_field *field,
			const struct form_value *v)
{
	struct buffer ids = BUFFER_INIT, id = BUFFER_INIT;

	form_draw_begin(d, "fieldset", field, field->name, v);
	for (size_t i = 0; i < field->option_count; i++) {
		const struct form_option *option = &field->option[i];

		buffer_reset(&id);
		buffer_puts(&id, field->name);
		if (i)
			buffer_printf(&id, "_%s", option->value);
		form_draw_radio(
			d->m,
			&(struct form_radio){
				.control = field->name,
				.id = buffer_text(&id),
				.value = option->value,
				.label = option->label,
				.hint = option->hint,
				.described_by = i ? NULL :
						    form_described_by(field, field->name, v, &ids),
				.checked = field->option_count == 1 ||
					   strcmp(v->text, option->value) == 0,
			});
	}
	form_draw_end(d, "fieldset");
	buffer_release(&ids);
	buffer_release(&id);
}

void form_text_choice(const struct form_owner *owner UNUSED, const struct form_field *field,
		      const struct form_value *v, enum form_masking masking UNUSED,
		      struct buffer *out)
{
	const struct form_option *option = option_of(field, v->text);

	if (option)
		buffer_puts(out, option->label);
}

/* A box that is not ticked is not sent: absent means no. */
void form_read_consent(struct form_reading *r, const struct form_field *field, struct form_value *v)
{
	const char *typed = r->source(r->context, field->name);

	form_value_set(v, typed && strcmp(typed, "1") == 0 ? "1" : "");
}

void form_render_consent(struct form_drawing *d, const struct form_field *field,
			 const struct form_value *v)
{
	struct buffer ids = BUFFER_INIT;

	form_draw_begin(d, "div", field, NULL, v);
	markup_open(d->m, "label", "class", "yj-choice", NULL);
	markup_void(d->m, "input", "type", "checkbox", "id", field->name, "name", field->name,
		    "value", "1", "checked", *v->text ? "checked" : NULL, "aria-describedby",
		    form_described_by(field, field->name, v, &ids), "aria-invalid",
		    v->error ? "true" : NULL, NULL);
	markup_element(d->m, "span", field->label, "class", "yj-choice__label", NULL);
	markup_close(d->m, "label");
	form_draw_end(d, "div");
	buffer_release(&ids);
}

void form_text_consent(const struct form_owner *owner UNUSED, const struct form_field *field UNUSED,
		       const struct form_value *v, enum form_masking masking UNUSED,
		       struct buffer *out)
{
	buffer_puts(out, *v->text ? "已同意" : "未同意");
}
