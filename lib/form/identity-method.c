/* identity-method.c: the ways of the identity check that the project allows. */
#include "check/identity-method.h"
#include "db/row.h"
#include "form/type.h"

/* The set as the database writes it, for the caller to release. */
static void load_methods(const struct form_owner *owner, struct buffer *methods)
{
	db_one(owner->db, "SELECT identity_methods FROM project WHERE id = ?",
	       DB_ARGS(db_int(owner->project)),
	       DB_OUT(DB_OR_NULL(DB_BUFFER("identity_methods", methods))));
}

void form_read_identity_method(struct form_reading *r, const struct form_field *field,
			       struct form_value *v)
{
	const char *typed = r->source(r->context, field->name);
	struct buffer methods = BUFFER_INIT;
	enum identity_method method = identity_method_by_name(typed);

	if (!typed)
		return;
	form_value_set(v, "");
	if (!*typed)
		return;
	if (method < IDENTITY_METHOD_COUNT)
		load_methods(r->owner, &methods);
	if (method < IDENTITY_METHOD_COUNT && identity_method_in(buffer_text(&methods), method))
		form_value_set(v, typed);
	else
		v->error = "没有这个选项，请重新选择";
	buffer_release(&methods);
}

static void draw_way(struct form_drawing *d, const struct form_field *field,
		     const struct form_value *v, enum identity_method method, bool first)
{
	const struct identity_way *way = &identity_ways[method];
	struct buffer id = BUFFER_INIT, ids = BUFFER_INIT;

	buffer_puts(&id, field->name);
	if (!first)
		buffer_printf(&id, "_%s", way->name);
	form_draw_radio(d->m, &(struct form_radio){
				      .control = field->name,
				      .id = buffer_text(&id),
				      .value = way->name,
				      .label = way->label,
				      .hint = way->hint,
				      .described_by = first ? form_described_by(field, field->name,
										v, &ids) :
							      NULL,
				      .checked = !strcmp(v->text, way->name),
			      });
	buffer_release(&id);
	buffer_release(&ids);
}

void form_render_identity_method(struct form_drawing *d, const struct form_field *field,
				 const struct form_value *v)
{
	struct buffer methods = BUFFER_INIT;
	bool first = true;

	load_methods(d->owner, &methods);
	form_draw_begin(d, "fieldset", field, field->name, v);
	for (int method = 0; method < IDENTITY_METHOD_COUNT; method++)
		if (identity_method_in(buffer_text(&methods), method)) {
			draw_way(d, field, v, method, first);
			first = false;
		}
	form_draw_end(d, "fieldset");
	buffer_release(&methods);
}

void form_text_identity_method(const struct form_owner *owner UNUSED,
			       const struct form_field *field UNUSED, const struct form_value *v,
			       enum form_masking masking UNUSED, struct buffer *out)
{
	enum identity_method method = identity_method_by_name(v->text);

	if (method < IDENTITY_METHOD_COUNT)
		buffer_puts(out, identity_ways[method].label);
}
