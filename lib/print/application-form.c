/* application-form.c: the application form, from the definitions of the forms. */
#include "base/money.h"
#include "base/utf8.h"
#include "db/row.h"
#include "print/document.h"

#define LABEL (34 * MM)
#define ROW (8.4 * MM)
#define CELL (5.4 * MM) /* for one digit */
#define PAD (2.2 * MM)

static const struct sheet_style label_style = { .size = 9.5, .tint = TINT_INK };
static const struct sheet_style value_style = { .size = 10.5 };
static const struct sheet_style hint_style = { .size = 8, .tint = TINT_LINE };

/* How many digits a value has that is written into boxes; 0: a line. */
static int digits(const struct form_field *field)
{
	switch (field->type) {
	case FORM_USCC:
	case FORM_ID_NUMBER:
		return 18;
	case FORM_MOBILE:
		return 11;
	default:
		return 0;
	}
}

/* The print says who applies and for what; how it is paid for, delivered and
 * checked is chosen on the phone. */
static bool is_printed(const struct form *form, const struct form_field *field)
{
	if (field->type == FORM_SCAN || field->type == FORM_CONSENT)
		return false;
	return form->step == 1 || field->type == FORM_PACKAGE;
}

static bool has_printed(const struct form *form)
{
	for (size_t i = 0; i < form->field_count; i++)
		if (is_printed(form, &form->field[i]))
			return true;
	return false;
}

static void draw_section(struct sheet *s, const char *title)
{
	const struct sheet_style style = { .size = 10.5, .bold = true };

	sheet_need(s, 7 * MM + 2 * ROW);
	sheet_fill(s, SHEET_LEFT, s->y, SHEET_INNER, 7 * MM, TINT_LIGHT);
	sheet_box(s, SHEET_LEFT, s->y, SHEET_INNER, 7 * MM, TINT_LINE);
	sheet_text(s, SHEET_LEFT + PAD, s->y + 1 * MM, SHEET_INNER, style, title);
	s->y += 7 * MM;
}

/* The frame of a row and its label; gives where the value begins. */
static double draw_row(struct sheet *s, double height, const struct form_field *field)
{
	double h = sheet_height(s, LABEL - 2 * PAD, label_style, field->label);

	sheet_need(s, height);
	sheet_box(s, SHEET_LEFT, s->y, SHEET_INNER, height, TINT_LINE);
	sheet_line(s, SHEET_LEFT + LABEL, s->y, SHEET_LEFT + LABEL, s->y + height, TINT_LINE);
	sheet_text(s, SHEET_LEFT + PAD, s->y + (height - h) / 2, LABEL - 2 * PAD, label_style,
		   field->label);
	return SHEET_LEFT + LABEL + PAD;
}

static void draw_digits(struct sheet *s, double x, const char *text, int count)
{
	const struct sheet_style digit = { .size = 10.5, .centred = true };
	double top = s->y + (ROW - CELL) / 2;

	for (int i = 0; i < count; i++) {
		char one[2] = { *text, '\0' };

		sheet_box(s, x + i * CELL, top, CELL, CELL, TINT_PALE);
		if (*one)
			sheet_text(s, x + i * CELL, top - 0.1 * MM, CELL, digit, one);
		text += *text != '\0';
	}
}

static void draw_value(struct sheet *s, const struct form_field *field, const char *text)
{
	const double width = SHEET_INNER - LABEL - 2 * PAD;
	bool tall = field->type == FORM_ADDRESS;
	double h = sheet_height(s, width, value_style, text), height = tall ? 2 * ROW : ROW, x;

	if (h + PAD > height)
		height = h + PAD;
	x = draw_row(s, height, field);
	if (digits(field))
		draw_digits(s, x, text, digits(field));
	else
		sheet_text(s, x, s->y + (height - h) / 2, width, value_style, text);
	if (!*text && tall)
		sheet_text(s, x, s->y + 1 * MM, width, hint_style,
			   "收件人、手机号码、省市区、街道门牌号");
	s->y += height;
}

/* A box, ticked when it is chosen. */
static void draw_tick(struct sheet *s, double x, double y, bool on)
{
	const double side = 3.4 * MM;

	sheet_box(s, x, y, side, side, TINT_INK);
	if (!on)
		return;
	sheet_line(s, x + 0.7 * MM, y + 1.8 * MM, x + 1.5 * MM, y + 2.7 * MM, TINT_INK);
	sheet_line(s, x + 1.5 * MM, y + 2.7 * MM, x + 2.9 * MM, y + 0.7 * MM, TINT_INK);
}

/* Three beside each other, as many rows as it takes. */
static void draw_packages(struct sheet *s, const struct print *p, const struct form_field *field,
			  const char *chosen)
{
	struct db_result *r =
		db_select(p->owner->db,
			  "SELECT id, title, price_fen, COUNT(*) OVER () AS offers"
			  " FROM package_offer WHERE project = ? AND on_sale ORDER BY id",
			  DB_ARGS(db_int(p->owner->project)));
	const double third = (SHEET_INNER - LABEL) / 3, line = 1.4 * ROW;
	double height = line, x = SHEET_LEFT + LABEL + PAD;
	int64_t id, price_fen, offers;
	const char *title;

	for (int i = 0;
	     db_next_row(r, DB_OUT(DB_INT("id", &id), DB_VIEW("title", &title),
				   DB_INT("price_fen", &price_fen), DB_INT("offers", &offers)));
	     i++) {
		int above = i / 3;
		double at = x + i % 3 * third, y;
		struct buffer price = BUFFER_INIT;

		if (!i) {
			int64_t lines = (offers + 2) / 3;

			height = line * (double)lines;
			draw_row(s, height, field);
		}
		y = s->y + above * line + 1.2 * MM;
		draw_tick(s, at, y + 0.8 * MM, strtoll(chosen, NULL, 10) == id);
		money_text(&price, price_fen);
		sheet_text(s, at + 5 * MM, y, third - 5 * MM, label_style, title);
		sheet_text(s, at + 5 * MM, y + 4.8 * MM, third - 5 * MM, hint_style, price.data);
		buffer_release(&price);
	}
	s->y += height;
	db_result_free(r);
}

static void draw_form(struct sheet *s, const struct print *p, const struct form_values *values)
{
	const struct form *form = values->form;

	draw_section(s, form->title);
	for (size_t i = 0; i < form->field_count; i++) {
		const struct form_field *field = &form->field[i];
		struct buffer text = BUFFER_INIT;

		if (!is_printed(form, field))
			continue;
		if (field->type == FORM_PACKAGE) {
			draw_packages(s, p, field, values->value[i].stored);
			continue;
		}
		if (p->owner->application)
			form_value_text(p->owner, values, i, FORM_PLAIN, &text);
		draw_value(s, field, buffer_text(&text));
		buffer_wipe(&text);
	}
}

static void draw_statement(struct sheet *s, const struct print *p)
{
	const struct sheet_style style = { .size = 9.5, .spacing = 1.15, .justified = true };
	const double width = SHEET_INNER - 2 * PAD;
	struct buffer text = BUFFER_INIT;
	double height;

	buffer_printf(&text,
		      "本单位已阅读并同意《%s》（版本 %s），保证本表所填内容和所交材料真实、"
		      "完整、有效，并授权上述经办人办理数字证书的申请和领取。如有不实，"
		      "由本单位承担责任。",
		      print_title(PRINT_USER_AGREEMENT), p->edition.version);
	height = sheet_height(s, width, style, text.data) + 2 * PAD;
	sheet_need(s, 7 * MM + height + print_signatures_height());
	draw_section(s, "申请单位声明");
	sheet_box(s, SHEET_LEFT, s->y, SHEET_INNER, height, TINT_LINE);
	sheet_text(s, SHEET_LEFT + PAD, s->y + PAD, width, style, text.data);
	s->y += height;
	buffer_release(&text);
	print_signatures(s);
}

void print_application_form(struct sheet *s, const void *context)
{
	const struct print *p = context;

	for (size_t i = 0; p->values[i]; i++)
		if (has_printed(p->values[i]->form))
			draw_form(s, p, p->values[i]);
	draw_statement(s, p);
}
