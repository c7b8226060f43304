/* view.c: a form for reading. */
#include "form/type.h"

void form_value_text(const struct form_owner *owner, const struct form_values *values, size_t index,
		     enum form_masking masking, struct buffer *out)
{
	const struct form_field *field = &values->form->field[index];

	form_type_of(field)->text(owner, field, &values->value[index], masking, out);
}

void form_draw_picture(struct markup *m, const struct form_owner *owner,
		       const struct form_field *field, const struct scan *scan,
		       const char *image_path)
{
	struct buffer full = BUFFER_INIT, thumb = BUFFER_INIT, alt = BUFFER_INIT;

	buffer_printf(&full, "/%s?application=%s&scan=%s", image_path, owner->application_public_id,
		      scan->public_id);
	buffer_printf(&thumb, "%s&size=thumb", buffer_text(&full));
	buffer_puts(&full, "&size=full");
	buffer_printf(&alt, "%s第 %d 页，点击看大图", field->label, scan->page);
	markup_open(m, "a", "href", buffer_text(&full), "data-yj-picture", "", "target", "_blank",
		    "rel", "noopener", NULL);
	markup_void(m, "img", "src", buffer_text(&thumb), "alt", buffer_text(&alt), NULL);
	markup_close(m, "a");
	buffer_release(&full);
	buffer_release(&thumb);
	buffer_release(&alt);
}

static void view_picture(struct markup *m, const struct form_owner *owner,
			 const struct form_field *field, const struct scan *scan,
			 const char *image_path)
{
	const char *mark = scan_mark_text(scan->marks);

	markup_open(m, "li", "data-scan", scan->public_id, NULL);
	form_draw_picture(m, owner, field, scan, image_path);
	if (mark)
		markup_element(m, "p", mark, "class", "yj-scan__mark", NULL);
	markup_close(m, "li");
}

static void view_scans(struct markup *m, const struct form_owner *owner,
		       const struct form_values *values, const struct form_field *field,
		       const char *image_path)
{
	markup_open(m, "ul", NULL);
	for (size_t i = 0; i < values->scan_count; i++)
		if (strcmp(values->scan[i].field, field->name) == 0)
			view_picture(m, owner, field, &values->scan[i], image_path);
	markup_close(m, "ul");
}

static void view_value(struct markup *m, const struct form_owner *owner,
		       const struct form_values *values, size_t index, enum form_masking masking,
		       const char *image_path)
{
	const struct form_field *field = &values->form->field[index];
	struct buffer text = BUFFER_INIT;

	form_value_text(owner, values, index, masking, &text);
	if (!text.len)
		markup_text(m, "未填写");
	else if (field->type == FORM_SCAN)
		view_scans(m, owner, values, field, image_path);
	else
		markup_text(m, buffer_text(&text));
	buffer_wipe(&text);
}

void form_view(struct markup *m, const struct form_owner *owner, const struct form_values *values,
	       enum form_masking masking, const char *image_path)
{
	markup_open(m, "dl", "class", "yj-view", "data-form", values->form->name, NULL);
	for (size_t i = 0; i < values->form->field_count; i++) {
		const struct form_value *v = &values->value[i];

		markup_open(m, "div", "data-field", values->form->field[i].name, NULL);
		markup_element(m, "dt", values->form->field[i].label, NULL);
		markup_open(m, "dd", NULL);
		view_value(m, owner, values, i, masking, image_path);
		if (v->reason)
			markup_element(m, "p", v->reason, "class", "yj-field__reason", NULL);
		markup_close(m, "dd");
		markup_close(m, "div");
	}
	markup_close(m, "dl");
}
