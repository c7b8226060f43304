/* type.h: what the types of fields can do; for lib/form alone.
 *
 * To add a type: its value in enum form_type (form.h), its row in form_types[]
 * (type.c), its element in forms/forms.rng, its cases in t/form/accept-test.c. */
#ifndef FORM_TYPE_H
#define FORM_TYPE_H

#include "check/check.h"
#include "form/form.h"

/* form_read at work. */
struct form_reading {
	const struct form_owner *owner;
	struct form_values *values;
	form_source *source;
	void *context;
	int today; /* yyyymmdd in China */
};

/* form_render at work. */
struct form_drawing {
	struct markup *m;
	const struct form_owner *owner;
	const struct form_values *values;
};

struct form_type_row {
	const char *element; /* in forms/NAME.xml */
	bool column; /* the form's table has one of the field's name */
	bool number; /* … and it holds an integer */
	bool sealed; /* … and it is sealed in the vault */
	bool indexed; /* … with a blind index in NAME_index */
	void (*fold)(const char *text, struct buffer *out); /* … of this form; NULL: as it is */
	bool folded; /* typed as a number or a code: blanks, dashes and width are one */
	size_t max; /* characters */
	const char *verb; /* 请填写, 请选择, 请上传: before the label when missing */
	const char *input_type, *inputmode; /* of a line of text */

	/* Takes what was typed into the value, normalised, or sets the error. */
	void (*read)(struct form_reading *, const struct form_field *, struct form_value *);
	/* Of a line: normalises value->text, which is clean and not empty. */
	enum check_result (*check)(const struct form_reading *, struct form_value *);
	void (*render)(struct form_drawing *, const struct form_field *, const struct form_value *);
	/* Appends the value in words. */
	void (*text)(const struct form_owner *, const struct form_field *,
		     const struct form_value *, enum form_masking, struct buffer *);
};

extern const struct form_type_row form_types[FORM_TYPE_COUNT];

static inline const struct form_type_row *form_type_of(const struct form_field *field)
{
	return &form_types[field->type];
}

/* value.c */
void form_value_release(struct form_value *);
void form_value_set(struct form_value *, const char *text);
/* An error made for this value. */
void form_value_say(struct form_value *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* What goes into the database: the valid value, else what was there. */
const char *form_value_kept(const struct form_value *);
bool form_value_changed(const struct form_value *);

/* read.c: one line of text from the control of that name. */
void form_read_line_from(struct form_reading *, const struct form_field *, const char *control,
			 struct form_value *);
void form_read_line(struct form_reading *, const struct form_field *, struct form_value *);
/* What the control sent, tidied or folded into out (base/utf8.h); false when it was not sent or has an
 * error, which then stands in the value. */
bool form_read_clean(struct form_reading *, const struct form_field *, const char *control,
		     struct form_value *, struct buffer *out);
/* "请填写企业名称" */
void form_missing(const struct form_field *, struct form_value *);

/* message.c: what is said at a field about a check's result. */
const char *form_message(enum form_type, enum check_result);

/* The types that are more than a line of text. */
void form_read_choice(struct form_reading *, const struct form_field *, struct form_value *);
void form_read_consent(struct form_reading *, const struct form_field *, struct form_value *);
void form_read_region(struct form_reading *, const struct form_field *, struct form_value *);
void form_read_region_from(struct form_reading *, const struct form_field *, const char *control,
			   struct form_value *);
void form_read_address(struct form_reading *, const struct form_field *, struct form_value *);
void form_read_package(struct form_reading *, const struct form_field *, struct form_value *);
void form_read_identity_method(struct form_reading *, const struct form_field *,
			       struct form_value *);
void form_read_scan(struct form_reading *, const struct form_field *, struct form_value *);
/* scan-field.c: whether no required scan and no sheet of a printed document is
 * missing among a form's live scans. */
bool form_scans_whole(const struct form *, const struct scan *, size_t count);

void form_render_line(struct form_drawing *, const struct form_field *, const struct form_value *);
void form_render_choice(struct form_drawing *, const struct form_field *,
			const struct form_value *);
void form_render_consent(struct form_drawing *, const struct form_field *,
			 const struct form_value *);
void form_render_region(struct form_drawing *, const struct form_field *,
			const struct form_value *);
void form_render_address(struct form_drawing *, const struct form_field *,
			 const struct form_value *);
void form_render_package(struct form_drawing *, const struct form_field *,
			 const struct form_value *);
void form_render_identity_method(struct form_drawing *, const struct form_field *,
				 const struct form_value *);
void form_render_scan(struct form_drawing *, const struct form_field *, const struct form_value *);

void form_text_plain(const struct form_owner *, const struct form_field *,
		     const struct form_value *, enum form_masking, struct buffer *);
void form_text_masked(const struct form_owner *, const struct form_field *,
		      const struct form_value *, enum form_masking, struct buffer *);
void form_text_choice(const struct form_owner *, const struct form_field *,
		      const struct form_value *, enum form_masking, struct buffer *);
void form_text_consent(const struct form_owner *, const struct form_field *,
		       const struct form_value *, enum form_masking, struct buffer *);
void form_text_region(const struct form_owner *, const struct form_field *,
		      const struct form_value *, enum form_masking, struct buffer *);
void form_text_address(const struct form_owner *, const struct form_field *,
		       const struct form_value *, enum form_masking, struct buffer *);
void form_text_package(const struct form_owner *, const struct form_field *,
		       const struct form_value *, enum form_masking, struct buffer *);
void form_text_identity_method(const struct form_owner *, const struct form_field *,
			       const struct form_value *, enum form_masking, struct buffer *);
void form_text_scan(const struct form_owner *, const struct form_field *, const struct form_value *,
		    enum form_masking, struct buffer *);

/* draw.c: what every field has around its control. */
/* The div or fieldset of a field with its label, hint, reason and error; the
 * element is closed by form_draw_end. A fieldset's label is its legend. */
void form_draw_begin(struct form_drawing *, const char *element, const struct form_field *,
		     const char *control, const struct form_value *);
void form_draw_end(struct form_drawing *, const char *element);
/* Its warning, hint, reason and error, those that there are, each with the id
 * that form_described_by() gives. */
void form_draw_notes(struct form_drawing *, const struct form_field *, const char *control,
		     const struct form_value *);
/* Ids of the hint, reason and error of a control that are there, for
 * aria-describedby; NULL when none. The text belongs to `ids`. */
const char *form_described_by(const struct form_field *, const char *control,
			      const struct form_value *, struct buffer *ids);
/* label.yj-choice: a radio button with words. */
struct form_radio {
	const char *control, *id, *value, *label, *hint, *price, *described_by;
	bool checked;
};
void form_draw_radio(struct markup *, const struct form_radio *);
/* One line of text for a control. */
void form_draw_line(struct form_drawing *, const struct form_field *, const char *control,
		    const struct form_value *);
void form_draw_region(struct form_drawing *, const struct form_field *, const char *control,
		      const struct form_value *);

/* view.c: a thumbnail that leads to the whole picture. */
void form_draw_picture(struct markup *, const struct form_owner *, const struct form_field *,
		       const struct scan *, const char *image_path);

/* mask.c: 138****5678. Appends. */
void form_mask(const char *text, struct buffer *out);
/* The first `keep` characters, the rest as **. */
void form_mask_tail(const char *text, size_t keep, struct buffer *out);

/* address.c: the parts of an entry of the address book. */
extern const struct form_field form_address_part[FORM_ADDRESS_PART_COUNT];
/* Name of the control of a part: "address_street". */
void form_address_control(const struct form_field *, enum form_address_part, struct buffer *out);
/* Whether a new entry is typed, whole and valid. */
bool form_address_ready(const struct form_value *);
/* Writes the new entry unless it is in the book; gives its id. In a transaction. */
int64_t form_address_store(const struct form_owner *, const struct form_value *);

/* sql.c: statements for a form's table; the caller frees them. */
/* The columns of a field are called by its name with one of these in front: its value,
 * the names of its region, what is offered while nothing is stored. */
#define FORM_SQL_VALUE "value "
#define FORM_SQL_WORDS "words "
#define FORM_SQL_OFFER "offer "
char *form_sql_load(const struct form *);
char *form_sql_version(const struct form *);
char *form_sql_insert(const struct form *);
char *form_sql_update(const struct form *);
char *form_sql_complete(const struct form *);

#endif
