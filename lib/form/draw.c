/* draw.c: what every field has around its control. */
#include "form/type.h"

#include "db/row.h"

static void draw_id(struct markup *m, const char *element, const char *class, const char *control,
		    const char *what, const char *text)
{
	struct buffer id = BUFFER_INIT;

	buffer_printf(&id, "%s-%s", control, what);
	markup_element(m, element, text, "class", class, "id", buffer_text(&id), NULL);
	buffer_release(&id);
}

const char *form_described_by(const struct form_field *field, const char *control,
			      const struct form_value *v, struct buffer *ids)
{
	buffer_reset(ids);
	if (field->warning)
		buffer_printf(ids, "%s-warning ", control);
	if (field->hint)
		buffer_printf(ids, "%s-hint ", control);
	if (v->reason)
		buffer_printf(ids, "%s-reason ", control);
	if (v->error)
		buffer_printf(ids, "%s-error ", control);
	if (!ids->len)
		return NULL;
	ids->data[--ids->len] = '\0';
	return ids->data;
}

static void draw_label(struct form_drawing *d, bool legend, const struct form_field *field,
		       const char *control)
{
	markup_open(d->m, legend ? "legend" : "label", "class", "yj-field__label", "for",
		    legend ? NULL : control, NULL);
	markup_text(d->m, field->label);
	markup_element(d->m, "span", field->required ? "（必填）" : "（选填）", "class",
		       "yj-field__optional", NULL);
	markup_close(d->m, legend ? "legend" : "label");
}

/* A warning may name where else to go, which is the project's to say. */
static void draw_warning(struct form_drawing *d, const struct form_field *field,
			 const char *control)
{
	static const char place[] = "{other_channel}";
	const char *at = strstr(field->warning, place);
	struct buffer text = BUFFER_INIT;

	if (!at) {
		buffer_puts(&text, field->warning);
	} else {
		struct buffer channel = BUFFER_INIT;

		db_one(d->owner->db, "SELECT other_channel FROM project WHERE id = ?",
		       DB_ARGS(db_int(d->owner->project)),
		       DB_OUT(DB_OR_NULL(DB_BUFFER("other_channel", &channel))));
		buffer_add(&text, field->warning, (size_t)(at - field->warning));
		buffer_puts(&text, buffer_text(&channel));
		buffer_puts(&text, at + strlen(place));
		buffer_release(&channel);
	}
	draw_id(d->m, "p", "yj-warning", control, "warning", buffer_text(&text));
	buffer_release(&text);
}

void form_draw_notes(struct form_drawing *d, const struct form_field *field, const char *control,
		     const struct form_value *v)
{
	struct buffer reason = BUFFER_INIT;

	if (field->warning)
		draw_warning(d, field, control);
	if (field->hint)
		draw_id(d->m, "p", "yj-field__hint", control, "hint", field->hint);
	if (v->reason) {
		buffer_printf(&reason, "%s：%s", v->mended ? "已修改，原审核意见" : "审核意见",
			      v->reason);
		draw_id(d->m, "p", "yj-field__reason", control, "reason", buffer_text(&reason));
	}
	if (v->error)
		draw_id(d->m, "p", "yj-field__error", control, "error", v->error);
	buffer_release(&reason);
}

void form_draw_begin(struct form_drawing *d, const char *element, const struct form_field *field,
		     const char *control, const struct form_value *v)
{
	struct buffer id = BUFFER_INIT;

	buffer_printf(&id, "field-%s", control ? control : field->name);
	markup_open(d->m, element, "class", v->error ? "yj-field yj-field_bad" : "yj-field", "id",
		    buffer_text(&id), "data-field", field->name, NULL);
	if (control)
		draw_label(d, strcmp(element, "fieldset") == 0, field, control);
	else
		control = field->name;
	form_draw_notes(d, field, control, v);
	buffer_release(&id);
}

void form_draw_end(struct form_drawing *d, const char *element)
{
	markup_close(d->m, element);
}

void form_draw_radio(struct markup *m, const struct form_radio *radio)
{
	markup_open(m, "label", "class", "yj-choice", NULL);
	markup_void(m, "input", "type", "radio", "id", radio->id, "name", radio->control, "value",
		    radio->value, "checked", radio->checked ? "checked" : NULL, "aria-describedby",
		    radio->described_by, NULL);
	markup_element(m, "span", radio->label, "class", "yj-choice__label", NULL);
	if (radio->price)
		markup_element(m, "span", radio->price, "class", "yj-choice__price", NULL);
	if (radio->hint && *radio->hint)
		markup_element(m, "span", radio->hint, "class", "yj-choice__hint", NULL);
	markup_close(m, "label");
}

void form_draw_line(struct form_drawing *d, const struct form_field *field, const char *control,
		    const struct form_value *v)
{
	const struct form_type_row *type = form_type_of(field);
	bool code = field->type == FORM_USCC || field->type == FORM_ID_NUMBER ||
		    field->type == FORM_TAX_NUMBER;
	struct buffer ids = BUFFER_INIT;

	markup_void(d->m, "input", "class", "yj-input", "type", type->input_type, "id", control,
		    "name", control, "value", v->text, "inputmode", type->inputmode, "autocomplete",
		    field->autocomplete ? field->autocomplete : "off", "autocapitalize",
		    code ? "characters" : NULL, "spellcheck", "false", "aria-required",
		    field->required ? "true" : NULL, "aria-invalid", v->error ? "true" : NULL,
		    "aria-describedby", form_described_by(field, control, v, &ids), NULL);
	buffer_release(&ids);
}

void form_render_line(struct form_drawing *d, const struct form_field *field,
		      const struct form_value *v)
{
	form_draw_begin(d, "div", field, field->name, v);
	form_draw_line(d, field, field->name, v);
	form_draw_end(d, "div");
}

void form_text_plain(const struct form_owner *owner UNUSED, const struct form_field *field UNUSED,
		     const struct form_value *v, enum form_masking masking UNUSED,
		     struct buffer *out)
{
	buffer_puts(out, v->text);
}

void form_text_masked(const struct form_owner *owner UNUSED, const struct form_field *field UNUSED,
		      const struct form_value *v, enum form_masking masking, struct buffer *out)
{
	if (masking == FORM_MASKED)
		form_mask(v->text, out);
	else
		buffer_puts(out, v->text);
}
