/* package.c: the packages of a project, as cards with a price. */
#include "form/type.h"

#include <inttypes.h>

#include "base/money.h"
#include "db/row.h"

static bool digits(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n > 0 && n <= 10 && !text[n];
}

void form_read_package(struct form_reading *r, const struct form_field *field, struct form_value *v)
{
	const char *typed = r->source(r->context, field->name);

	if (!typed)
		return;
	form_value_set(v, "");
	if (!*typed)
		return;
	if (!digits(typed)) {
		v->error = "没有这个套餐，请重新选择";
		return;
	}
	if (db_exists(r->owner->db,
		      "SELECT 1 FROM package WHERE id = ? AND project = ? AND on_sale",
		      DB_ARGS(db_int(strtoll(typed, NULL, 10)), db_int(r->owner->project))))
		form_value_set(v, typed);
	else
		v->error = "这个套餐已经下架，请重新选择";
}

struct package {
	int64_t id, price_fen;
	const char *title, *description;
};

static void draw_package(struct form_drawing *d, const struct form_field *field,
			 const struct form_value *v, const struct package *p, bool first)
{
	struct buffer id = BUFFER_INIT, yuan = BUFFER_INIT, ids = BUFFER_INIT, n = BUFFER_INIT;

	buffer_printf(&n, "%" PRId64, p->id);
	buffer_puts(&id, field->name);
	if (!first)
		buffer_printf(&id, "_%s", buffer_text(&n));
	money_text(&yuan, p->price_fen);
	form_draw_radio(d->m, &(struct form_radio){
				      .control = field->name,
				      .id = buffer_text(&id),
				      .value = buffer_text(&n),
				      .label = p->title,
				      .hint = p->description,
				      .price = buffer_text(&yuan),
				      .described_by = first ? form_described_by(field, field->name,
										v, &ids) :
							      NULL,
				      .checked = strcmp(v->text, buffer_text(&n)) == 0,
			      });
	buffer_release(&id);
	buffer_release(&yuan);
	buffer_release(&ids);
	buffer_release(&n);
}

void form_render_package(struct form_drawing *d, const struct form_field *field,
			 const struct form_value *v)
{
	struct db_result *row = db_select(
		d->owner->db,
		"SELECT id, title, description, price_fen"
		" FROM package_offer WHERE project = ? AND on_sale ORDER BY price_fen, id",
		DB_ARGS(db_int(d->owner->project)));
	struct package p;
	bool first = true;

	form_draw_begin(d, "fieldset", field, field->name, v);
	for (; db_next_row(row, DB_OUT(DB_INT("id", &p.id), DB_VIEW("title", &p.title),
				       DB_OR_NULL(DB_VIEW("description", &p.description)),
				       DB_INT("price_fen", &p.price_fen)));
	     first = false)
		draw_package(d, field, v, &p, first);
	if (first)
		markup_element(d->m, "p", "现在没有可以选择的套餐，请联系客服", "class",
			       "yj-field__error", "id", field->name, NULL);
	form_draw_end(d, "fieldset");
	db_result_free(row);
}

void form_text_package(const struct form_owner *owner, const struct form_field *field UNUSED,
		       const struct form_value *v, enum form_masking masking UNUSED,
		       struct buffer *out)
{
	struct db_result *row;
	const char *title;
	int64_t fen;

	if (!*v->text)
		return;
	/* A confirmed package and price stay. */
	row = db_select(
		owner->db,
		"SELECT k.title, COALESCE(o.price_fen, k.price_fen) AS fen FROM package_offer k"
		" LEFT JOIN `order` o ON o.application = ? AND o.package = k.id WHERE k.id = ?",
		DB_ARGS(db_int(owner->application), db_int(strtoll(v->text, NULL, 10))));
	if (db_next_row(row, DB_OUT(DB_VIEW("title", &title), DB_INT("fen", &fen)))) {
		buffer_printf(out, "%s，", title);
		money_text(out, fen);
	}
	db_result_free(row);
}
