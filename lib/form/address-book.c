/* address-book.c: the entries of the address book on a page. */
#include "form/type.h"

#include <inttypes.h>

#include "base/die.h"
#include "check/region.h"
#include "db/row.h"

#define ENTRIES_MAX 20

#define ENTRY_COLUMNS                                                                            \
	"SELECT a.id, a.recipient, a.mobile, (" REGION_NAMES_SQL "a.region) AS region, a.street" \
	" FROM address a"

/* A row of the address book; sealed but for the names of the region. */
struct row {
	int64_t id;
	struct db_blob recipient, mobile, street;
	const char *region;
};

static bool next_entry(struct db_result *r, struct row *row)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &row->id), DB_BLOB("recipient", &row->recipient),
				     DB_BLOB("mobile", &row->mobile),
				     DB_OR_NULL(DB_VIEW("region", &row->region)),
				     DB_BLOB("street", &row->street)));
}

static void open_sealed(const struct form_owner *owner, const char *column, const struct row *row,
			const struct db_blob *sealed, struct buffer *out)
{
	struct buffer context = BUFFER_INIT;

	buffer_printf(&context, "address.%s:%" PRId64, column, owner->applicant);
	if (!vault_unseal(owner->vault, buffer_text(&context), sealed->data, sealed->len, out))
		die("address %" PRId64 " does not open", row->id);
	buffer_release(&context);
}

/* An entry for people; masked as 张** 138****5678. */
struct entry {
	struct buffer who, where;
};

static void load_entry(const struct form_owner *owner, const struct row *row,
		       enum form_masking masking, struct entry *e)
{
	struct buffer recipient = BUFFER_INIT, mobile = BUFFER_INIT, street = BUFFER_INIT;

	open_sealed(owner, "recipient", row, &row->recipient, &recipient);
	open_sealed(owner, "mobile", row, &row->mobile, &mobile);
	open_sealed(owner, "street", row, &row->street, &street);
	if (masking == FORM_MASKED) {
		form_mask_tail(buffer_text(&recipient), 1, &e->who);
		buffer_putc(&e->who, ' ');
		form_mask(buffer_text(&mobile), &e->who);
	} else {
		buffer_printf(&e->who, "%s %s", buffer_text(&recipient), buffer_text(&mobile));
	}
	region_join_names(row->region, &e->where);
	buffer_putc(&e->where, ' ');
	if (masking == FORM_MASKED)
		form_mask_tail(buffer_text(&street), 4, &e->where);
	else
		buffer_puts(&e->where, buffer_text(&street));
	buffer_wipe(&recipient);
	buffer_wipe(&mobile);
	buffer_wipe(&street);
}

static const char *chosen(const struct form_value *v)
{
	return v->saved ? v->saved : v->text;
}

/* Draws one radio button an entry; gives how many. */
static size_t draw_entries(struct form_drawing *d, const struct form_field *field,
			   const struct form_value *v)
{
	struct db_result *rows =
		db_select(d->owner->db,
			  ENTRY_COLUMNS " WHERE applicant = ? AND (retired_at IS NULL OR id = ?)"
					" ORDER BY id = ? DESC, id DESC LIMIT ?",
			  DB_ARGS(db_int(d->owner->applicant), db_int(strtoll(chosen(v), NULL, 10)),
				  db_int(strtoll(chosen(v), NULL, 10)), db_int(ENTRIES_MAX)));
	struct buffer id = BUFFER_INIT, n = BUFFER_INIT, ids = BUFFER_INIT;
	struct row row;
	size_t count = 0;

	for (; next_entry(rows, &row); count++) {
		struct entry e = { BUFFER_INIT, BUFFER_INIT };

		load_entry(d->owner, &row, FORM_MASKED, &e);
		buffer_reset(&n);
		buffer_printf(&n, "%" PRId64, row.id);
		buffer_reset(&id);
		buffer_puts(&id, field->name);
		if (count)
			buffer_printf(&id, "_%s", buffer_text(&n));
		form_draw_radio(
			d->m, &(struct form_radio){
				      .control = field->name,
				      .id = buffer_text(&id),
				      .value = buffer_text(&n),
				      .label = buffer_text(&e.who),
				      .hint = buffer_text(&e.where),
				      .described_by = count ? NULL :
							      form_described_by(field, field->name,
										v, &ids),
				      .checked = strcmp(chosen(v), buffer_text(&n)) == 0,
			      });
		buffer_release(&e.who);
		buffer_release(&e.where);
	}
	buffer_release(&id);
	buffer_release(&n);
	buffer_release(&ids);
	db_result_free(rows);
	return count;
}

static void draw_part(struct form_drawing *d, const struct form_field *field,
		      enum form_address_part part, const struct form_value *v)
{
	char empty[] = "";
	const struct form_value nothing = { .text = empty };
	const struct form_value *p = v->address && !v->saved ? &v->address->part[part] : &nothing;
	const struct form_field *shown = &form_address_part[part];
	struct buffer control = BUFFER_INIT;

	form_address_control(field, part, &control);
	form_draw_begin(d, "div", shown, buffer_text(&control), p);
	if (part == FORM_RECIPIENT_REGION)
		form_draw_region(d, shown, buffer_text(&control), p);
	else
		form_draw_line(d, shown, buffer_text(&control), p);
	form_draw_end(d, "div");
	buffer_release(&control);
}

static void draw_new(struct form_drawing *d, const struct form_field *field,
		     const struct form_value *v, bool alone)
{
	struct buffer id = BUFFER_INIT;

	if (alone) {
		markup_void(d->m, "input", "type", "hidden", "name", field->name, "value",
			    FORM_ADDRESS_NEW, NULL);
	} else {
		buffer_printf(&id, "%s_new", field->name);
		form_draw_radio(d->m, &(struct form_radio){
					      .control = field->name,
					      .id = buffer_text(&id),
					      .value = FORM_ADDRESS_NEW,
					      .label = "新地址",
					      .hint = "填写下面四项",
					      .checked = strcmp(chosen(v), FORM_ADDRESS_NEW) == 0,
				      });
	}
	markup_open(d->m, "div", "class", "yj-address-new", "data-yj-address-new", field->name,
		    "id", alone ? field->name : NULL, NULL);
	for (size_t i = 0; i < FORM_ADDRESS_PART_COUNT; i++)
		draw_part(d, field, i, v);
	markup_close(d->m, "div");
	buffer_release(&id);
}

void form_render_address(struct form_drawing *d, const struct form_field *field,
			 const struct form_value *v)
{
	size_t entries;

	form_draw_begin(d, "fieldset", field, field->name, v);
	entries = draw_entries(d, field, v);
	draw_new(d, field, v, entries == 0);
	form_draw_end(d, "fieldset");
}

void form_text_address(const struct form_owner *owner, const struct form_field *field UNUSED,
		       const struct form_value *v, enum form_masking masking, struct buffer *out)
{
	struct db_result *rows =
		db_select(owner->db, ENTRY_COLUMNS " WHERE id = ? AND applicant = ?",
			  DB_ARGS(db_int(strtoll(chosen(v), NULL, 10)), db_int(owner->applicant)));
	struct entry e = { BUFFER_INIT, BUFFER_INIT };
	struct row row;

	if (next_entry(rows, &row)) {
		load_entry(owner, &row, masking, &e);
		buffer_printf(out, "%s %s", buffer_text(&e.who), buffer_text(&e.where));
	}
	buffer_wipe(&e.who);
	buffer_wipe(&e.where);
	db_result_free(rows);
}
