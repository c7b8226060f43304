/* region-field.c: the field for a county, with and without script.
 *
 * The control is a select with what is chosen. A script makes it a picker over
 * /static/regions/; without script the reader types a name into NAME_search
 * and the form comes back with what it fits, or goes on when it fits one. */
#include "form/type.h"

#include "base/alloc.h"
#include "check/region.h"

#define REGIONS_MAX 250 /* counties of the largest province, and some */

static void search(struct form_reading *r, const struct form_field *field, struct form_value *v,
		   const char *name)
{
	struct form_region_search *s = xcalloc(1, sizeof(*s));

	s->found = region_search(r->owner->db, name, REGIONS_MAX, &s->count);
	if (s->count == 1)
		form_value_set(v, s->found[0].code);
	else if (s->count == 0)
		form_value_say(v, "没有找到“%s”，请只输入地区名，例如 章贡区", name);
	else
		form_value_say(v, "有多个地区符合“%s”，请在%s的列表中选一个", name, field->label);
	v->search = s;
}

/* The text of the search control, folded; false when nothing was typed. */
static bool search_text(struct form_reading *r, const struct form_field *field, const char *control,
			struct form_value *v, struct buffer *out)
{
	struct buffer name = BUFFER_INIT;
	bool typed;

	buffer_printf(&name, "%s_search", control);
	typed = form_read_clean(r, field, buffer_text(&name), v, out) && out->len > 0;
	buffer_release(&name);
	return typed;
}

void form_read_region_from(struct form_reading *r, const struct form_field *field,
			   const char *control, struct form_value *v)
{
	const char *code = r->source(r->context, control);
	struct buffer name = BUFFER_INIT;
	char *before = xstrdup(v->text);

	if (code && *code) {
		form_value_set(v, code);
		if (strcmp(code, before) != 0 && !region_selectable(r->owner->db, code)) {
			form_value_set(v, "");
			v->error = "这个地区不能选择，请重新选择";
		}
	} else if (code) {
		form_value_set(v, "");
	}
	if (search_text(r, field, control, v, &name))
		search(r, field, v, buffer_text(&name));
	buffer_release(&name);
	free(before);
}

void form_read_region(struct form_reading *r, const struct form_field *field, struct form_value *v)
{
	form_read_region_from(r, field, field->name, v);
}

static void draw_option(struct markup *m, const char *code, const char *name, bool chosen)
{
	markup_element(m, "option", name, "value", code, "selected", chosen ? "selected" : NULL,
		       NULL);
}

static void full_name(const struct form_owner *owner, const struct form_value *v,
		      struct buffer *out)
{
	if (v->words && strcmp(v->text, v->stored) == 0)
		buffer_puts(out, v->words);
	else if (*v->text)
		region_full_name(owner->db, v->text, out);
}

static void draw_options(struct form_drawing *d, const struct form_value *v)
{
	struct buffer name = BUFFER_INIT;

	draw_option(d->m, "", "请选择", !*v->text);
	for (size_t i = 0; v->search && i < v->search->count; i++)
		draw_option(d->m, v->search->found[i].code, v->search->found[i].name,
			    strcmp(v->search->found[i].code, v->text) == 0);
	if (*v->text && !(v->search && v->search->count)) {
		full_name(d->owner, v, &name);
		draw_option(d->m, v->text, buffer_text(&name), true);
	}
	buffer_release(&name);
}

/* What a reader without script has instead of the picker. */
static void draw_search(struct form_drawing *d, const char *control)
{
	struct buffer id = BUFFER_INIT;

	buffer_printf(&id, "%s_search", control);
	markup_open(d->m, "noscript", NULL);
	markup_element(d->m, "label", "输入地区名查找，例如 章贡区；输入城市名可列出全部区县",
		       "class", "yj-field__hint", "for", buffer_text(&id), NULL);
	markup_void(d->m, "input", "class", "yj-input", "type", "text", "id", buffer_text(&id),
		    "name", buffer_text(&id), "autocomplete", "off", NULL);
	markup_element(d->m, "button", "查找地区", "class",
		       "weui-btn weui-btn_default yj-btn-small", "type", "submit", "name", "find",
		       "value", control, NULL);
	markup_close(d->m, "noscript");
	buffer_release(&id);
}

void form_draw_region(struct form_drawing *d, const struct form_field *field, const char *control,
		      const struct form_value *v)
{
	struct buffer ids = BUFFER_INIT;

	markup_open(d->m, "select", "class", "yj-input yj-region", "id", control, "name", control,
		    "data-yj-region", field->label, "aria-describedby",
		    form_described_by(field, control, v, &ids), "aria-invalid",
		    v->error ? "true" : NULL, "aria-required", field->required ? "true" : NULL,
		    NULL);
	draw_options(d, v);
	markup_close(d->m, "select");
	draw_search(d, control);
	buffer_release(&ids);
}

void form_render_region(struct form_drawing *d, const struct form_field *field,
			const struct form_value *v)
{
	form_draw_begin(d, "div", field, field->name, v);
	form_draw_region(d, field, field->name, v);
	form_draw_end(d, "div");
}

void form_text_region(const struct form_owner *owner, const struct form_field *field UNUSED,
		      const struct form_value *v, enum form_masking masking UNUSED,
		      struct buffer *out)
{
	full_name(owner, v, out);
}
