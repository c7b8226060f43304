/* scan-field.c: the field for one or more pictures. */
#include "form/type.h"

const struct form_field *form_scan_control(const struct form *form, const char *control, int *page)
{
	size_t len = strcspn(control, ".");
	const char *number = control[len] ? control + len + 1 : NULL;

	for (size_t i = 0; i < form->field_count; i++) {
		const struct form_field *field = &form->field[i];

		if (field->type != FORM_SCAN || strlen(field->name) != len ||
		    strncmp(field->name, control, len) != 0)
			continue;
		*page = field->pages == 1 ? 1 : 0;
		if (!number)
			return field;
		if (*number < '1' || *number > '9' || strspn(number, "0123456789") > 2)
			return NULL;
		*page = (int)strtol(number, NULL, 10);
		return *page <= field->pages ? field : NULL;
	}
	return NULL;
}

static bool in_field(const struct scan *scan, const struct form_field *field)
{
	return strcmp(scan->field, field->name) == 0;
}

/* The first sheet of a printed document that is surely missing, 0 for none: a
 * scan whose code was not read may be any. */
static int missing_sheet(const struct scan *scan, size_t count, const struct form_field *field)
{
	bool there[SCAN_PAGES_MAX + 1] = { false };
	int sheets = 0, unknown = 0, missing = 0, first = 0;

	for (size_t i = 0; i < count; i++) {
		const struct scan *s = &scan[i];

		if (!in_field(s, field))
			continue;
		unknown += !s->sheet;
		if (s->sheet <= SCAN_PAGES_MAX)
			there[s->sheet] = true;
		if (s->sheets > sheets && s->sheets <= SCAN_PAGES_MAX)
			sheets = s->sheets;
	}
	for (int k = sheets; k > 0; k--) {
		missing += !there[k];
		first = there[k] ? first : k;
	}
	return missing > unknown ? first : 0;
}

static size_t pages_of(const struct scan *scan, size_t count, const struct form_field *field)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += in_field(&scan[i], field);
	return n;
}

bool form_scans_whole(const struct form *form, const struct scan *scan, size_t count)
{
	for (size_t i = 0; i < form->field_count; i++) {
		const struct form_field *field = &form->field[i];

		if (field->type != FORM_SCAN)
			continue;
		if (field->required && !pages_of(scan, count, field))
			return false;
		if (missing_sheet(scan, count, field))
			return false;
	}
	return true;
}

static void say_missing(const struct form_values *values, const struct form_field *field,
			struct buffer *out)
{
	int sheet = missing_sheet(values->scan, values->scan_count, field);

	if (sheet)
		buffer_printf(out, "还缺第 %d 页，请拍照上传", sheet);
}

/* What is there was loaded; what came with the form was stored before. */
void form_read_scan(struct form_reading *r, const struct form_field *field, struct form_value *v)
{
	struct buffer missing = BUFFER_INIT;

	say_missing(r->values, field, &missing);
	if (missing.len && !r->values->asked && !v->error)
		form_value_say(v, "%s%s", field->label, missing.data);
	buffer_release(&missing);
}

static int count(const struct form_values *values, const struct form_field *field)
{
	return (int)pages_of(values->scan, values->scan_count, field);
}

/* One page of several: a new picture takes its place, so that the order stays. */
static void draw_replace(struct form_drawing *d, const struct form_field *field,
			 const struct scan *scan)
{
	struct buffer control = BUFFER_INIT;
	char page[16];

	snprintf(page, sizeof(page), "%d", scan->page);
	buffer_printf(&control, "%s.%s", field->name, page);
	markup_open(d->m, "label", "class", "yj-scan__replace", NULL);
	markup_printf(d->m, "换掉第 %d 页", scan->page);
	markup_element(d->m, "span", field->label, "class", "yj-hidden", NULL);
	markup_void(d->m, "input", "type", "file", "name", buffer_text(&control), "accept",
		    "image/*", "data-page", page, NULL);
	markup_close(d->m, "label");
	buffer_release(&control);
}

static void draw_page(struct form_drawing *d, const struct form_field *field,
		      const struct scan *scan, bool locked)
{
	const char *mark = scan_mark_text(scan->marks);
	char page[16];

	snprintf(page, sizeof(page), "%d", scan->page);
	markup_open(d->m, "li", "class", "yj-scan__page", "data-scan", scan->public_id, "data-page",
		    page, NULL);
	form_draw_picture(d->m, d->owner, field, scan, "apply/image");
	if (mark)
		markup_element(d->m, "p", mark, "class", "yj-scan__mark", NULL);
	if (!locked && field->pages > 1)
		draw_replace(d, field, scan);
	if (!locked) {
		markup_open(d->m, "button", "class", "yj-scan__remove", "type", "submit", "name",
			    "remove_scan", "value", scan->public_id, NULL);
		markup_printf(d->m, "删除第 %d 页", scan->page);
		markup_element(d->m, "span", field->label, "class", "yj-hidden", NULL);
		markup_close(d->m, "button");
	}
	markup_close(d->m, "li");
}

static void draw_pages(struct form_drawing *d, const struct form_field *field, bool locked)
{
	const struct form_values *values = d->values;

	if (!count(values, field))
		return;
	markup_open(d->m, "ul", "class", "yj-scan__list", NULL);
	for (size_t i = 0; i < values->scan_count; i++)
		if (in_field(&values->scan[i], field))
			draw_page(d, field, &values->scan[i], locked);
	markup_close(d->m, "ul");
}

/* The dashed box. One page is replaced by a new upload, so its box stays. */
static void draw_add(struct form_drawing *d, const struct form_field *field,
		     const struct form_value *v)
{
	struct buffer ids = BUFFER_INIT;
	int n = count(d->values, field);

	if (field->pages > 1 && n >= field->pages)
		return;
	markup_open(d->m, "label", "class", "yj-scan__add", NULL);
	markup_element(d->m, "span",
		       !n                ? "点击上传" :
		       field->pages == 1 ? "重新上传" :
					   "继续上传下一页",
		       NULL);
	markup_element(d->m, "span", field->label, "class", "yj-hidden", NULL);
	markup_void(d->m, "input", "type", "file", "id", field->name, "name", field->name, "accept",
		    "image/*", "multiple", field->pages > 1 ? "" : NULL, "aria-describedby",
		    form_described_by(field, field->name, v, &ids), "aria-invalid",
		    v->error ? "true" : NULL, NULL);
	markup_close(d->m, "label");
	buffer_release(&ids);
}

/* Without script: to see the pictures before the form is handed in. */
static void draw_upload(struct form_drawing *d, const struct form_field *field)
{
	markup_open(d->m, "noscript", NULL);
	markup_element(d->m, "button", "上传并预览", "class",
		       "weui-btn weui-btn_default yj-btn-small", "type", "submit", "name", "upload",
		       "value", field->name, NULL);
	markup_close(d->m, "noscript");
}

static void draw_example(struct form_drawing *d, const struct form_field *field)
{
	struct buffer path = BUFFER_INIT;

	if (!field->example)
		return;
	buffer_printf(&path, "/static/examples/%s.jpg", field->example);
	markup_open(d->m, "a", "class", "yj-scan__example", "href", buffer_text(&path),
		    "data-yj-picture", "", "target", "_blank", "rel", "noopener", NULL);
	markup_text(d->m, "查看示例");
	markup_element(d->m, "span", field->label, "class", "yj-hidden", NULL);
	markup_close(d->m, "a");
	buffer_release(&path);
}

/* The form to print, filled in with what is saved. */
static void draw_print(struct form_drawing *d, const struct form_field *field)
{
	struct buffer path = BUFFER_INIT;

	if (!field->print)
		return;
	buffer_printf(&path, "/apply/print?application=%s&document=%s",
		      d->owner->application_public_id, field->print);
	markup_open(d->m, "a", "class", "yj-scan__example", "href", buffer_text(&path), "target",
		    "_blank", "rel", "noopener", NULL);
	markup_text(d->m, "下载打印");
	markup_element(d->m, "span", field->label, "class", "yj-hidden", NULL);
	markup_close(d->m, "a");
	buffer_release(&path);
}

static void draw_head(struct form_drawing *d, const struct form_field *field)
{
	markup_open(d->m, "legend", "class", "yj-field__label", NULL);
	markup_text(d->m, field->label);
	markup_open(d->m, "span", "class", "yj-field__optional", NULL);
	markup_text(d->m, field->required ? "（必填" : "（选填");
	if (field->pages > 1)
		markup_printf(d->m, "，%d / %d 页", count(d->values, field), field->pages);
	markup_text(d->m, "）");
	markup_close(d->m, "span");
	markup_close(d->m, "legend");
}

static void draw_missing(struct form_drawing *d, const struct form_field *field)
{
	struct buffer missing = BUFFER_INIT, id = BUFFER_INIT;

	say_missing(d->values, field, &missing);
	buffer_printf(&id, "%s-missing", field->name);
	if (missing.len)
		markup_element(d->m, "p", missing.data, "class", "yj-scan__mark", "id",
			       buffer_text(&id), NULL);
	buffer_release(&missing);
	buffer_release(&id);
}

static void open_field(struct form_drawing *d, const struct form_field *field,
		       const struct form_value *v)
{
	struct buffer id = BUFFER_INIT;
	char pages[16];

	buffer_printf(&id, "field-%s", field->name);
	snprintf(pages, sizeof(pages), "%d", field->pages);
	markup_open(d->m, "fieldset", "class", v->error ? "yj-scan yj-field_bad" : "yj-scan", "id",
		    buffer_text(&id), "data-field", field->name, "data-yj-scan",
		    v->locked ? NULL : field->name, "data-form", d->values->form->name,
		    "data-pages", pages, NULL);
	buffer_release(&id);
}

void form_render_scan(struct form_drawing *d, const struct form_field *field,
		      const struct form_value *v)
{
	open_field(d, field, v);
	draw_head(d, field);
	if (v->locked) {
		markup_element(d->m, "p", "无需修改", "class", "yj-field__hint", NULL);
	} else {
		form_draw_notes(d, field, field->name, v);
		if (!v->error)
			draw_missing(d, field);
		draw_print(d, field);
		draw_example(d, field);
	}
	draw_pages(d, field, v->locked);
	if (!v->locked) {
		draw_add(d, field, v);
		draw_upload(d, field);
	}
	markup_close(d->m, "fieldset");
}

void form_render_scan_field(struct markup *m, const struct form_owner *owner,
			    const struct form_values *values, size_t index)
{
	struct form_drawing d = { m, owner, values };

	form_render_scan(&d, &values->form->field[index], &values->value[index]);
}

void form_text_scan(const struct form_owner *owner UNUSED, const struct form_field *field UNUSED,
		    const struct form_value *v, enum form_masking masking UNUSED,
		    struct buffer *out)
{
	if (*v->text)
		buffer_printf(out, "%s 页", v->text);
}
