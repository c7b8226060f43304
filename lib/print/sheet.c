/* sheet.c: pages of A4 by cairo, words by pango, codes by libqrencode. */
#include "print/sheet.h"

#include <qrencode.h>

#include "base/die.h"
#include "print/typeface.h"

#define HAIR 0.6

static const double tints[TINT_COUNT] = {
	[TINT_INK] = 0.08, [TINT_GREY] = 0.36,   [TINT_LINE] = 0.45,
	[TINT_PALE] = 0.7, [TINT_LIGHT] = 0.945,
};

static void tint(struct sheet *s, enum sheet_tint t)
{
	cairo_set_source_rgb(s->c, tints[t], tints[t], tints[t]);
}

static cairo_status_t keep(void *context, const unsigned char *data, unsigned n)
{
	buffer_add(context, data, n);
	return CAIRO_STATUS_SUCCESS;
}

/* Same words, same places on every machine: nothing is fitted to pixels. */
static PangoLayout *new_layout(cairo_t *c, PangoFontMap *fonts)
{
	PangoContext *context = pango_font_map_create_context(fonts);
	PangoLayout *layout = pango_layout_new(context);
	cairo_font_options_t *options = cairo_font_options_create();

	pango_cairo_update_context(c, context);

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_context_set_language(context, pango_language_from_string("zh-cn"));
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	g_object_unref(context);
	return layout;
}

static void draw_foot(struct sheet *s)
{
	const struct sheet_style style = { .size = 8.5, .tint = TINT_GREY, .centred = true };
	char text[64];

	if (!s->title)
		return;
	snprintf(text, sizeof(text), "第 %d 页 共 %d 页", s->page, s->pages);
	sheet_text(s, SHEET_LEFT, SHEET_BOTTOM + 5 * MM, SHEET_INNER, style, text);
}

static void begin_page(struct sheet *s)
{
	s->page++;
	s->y = SHEET_TOP;
	if (s->head)
		s->head(s);
	draw_foot(s);
}

void sheet_next(struct sheet *s)
{
	if (!s->measuring)
		cairo_show_page(s->c);
	begin_page(s);
}

void sheet_need(struct sheet *s, double height)
{
	if (s->y + height > SHEET_BOTTOM)
		sheet_next(s);
}

/* One time through; false when a letter is in none of the fonts. */
static bool run(struct sheet *s, void (*draw)(struct sheet *, const void *), const void *context)
{
	s->page = 0;
	s->unknown = false;
	begin_page(s);
	draw(s, context);
	return !s->unknown;
}

static void measure(struct sheet *s, void (*draw)(struct sheet *, const void *),
		    const void *context)
{
	PangoFontMap *common = typeface_common();

	s->measuring = true;
	s->layout = new_layout(s->c, common ? common : typeface_whole());
	if (!run(s, draw, context) && common) {
		g_object_unref(s->layout);
		s->layout = new_layout(s->c, typeface_whole());
		run(s, draw, context);
	}
	s->pages = s->page;
	s->measuring = false;
}

void sheet_print(struct sheet *s, const char *title, void (*draw)(struct sheet *, const void *),
		 const void *context, struct buffer *out)
{
	s->out = out;
	s->surface = cairo_pdf_surface_create_for_stream(keep, out, SHEET_WIDTH, SHEET_HEIGHT);
	cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATOR, PACKAGE_NAME);
	s->c = cairo_create(s->surface);
	s->glyphs = glyphs_new();
	measure(s, draw, context);
	run(s, draw, context);
	cairo_show_page(s->c);
	g_object_unref(s->layout);
	glyphs_free(s->glyphs);
	cairo_destroy(s->c);
	cairo_surface_finish(s->surface);
	if (cairo_surface_status(s->surface))
		die("print: %s", cairo_status_to_string(cairo_surface_status(s->surface)));
	cairo_surface_destroy(s->surface);
}

static double set(struct sheet *s, double width, struct sheet_style style, const char *text)
{
	PangoFontDescription *font = pango_font_description_new();
	int height;

	pango_font_description_set_family_static(font, TYPEFACE_FAMILY);
	pango_font_description_set_weight(font,
					  style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
	pango_layout_set_font_description(s->layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(s->layout, (int)(width * PANGO_SCALE));
	pango_layout_set_line_spacing(s->layout, (float)(style.spacing > 0 ? style.spacing : 0));
	pango_layout_set_alignment(s->layout,
				   style.centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
	pango_layout_set_justify(s->layout, style.justified);
	pango_layout_set_indent(s->layout, (int)(style.indent * style.size * PANGO_SCALE));
	pango_layout_set_text(s->layout, text, -1);
	pango_layout_get_size(s->layout, NULL, &height);
	s->unknown |= pango_layout_get_unknown_glyphs_count(s->layout) > 0;
	return (double)height / PANGO_SCALE;
}

double sheet_height(struct sheet *s, double width, struct sheet_style style, const char *text)
{
	return set(s, width, style, text);
}

double sheet_text(struct sheet *s, double x, double y, double width, struct sheet_style style,
		  const char *text)
{
	double height = set(s, width, style, text);

	if (s->measuring)
		return height;
	tint(s, style.tint);
	glyphs_show(s->glyphs, s->c, s->layout, x, y);
	return height;
}

/* Line by line, because a page may end between two of them. A page's head uses
 * the same layout, so the lines are kept by a second one meanwhile. */
void sheet_flow(struct sheet *s, struct sheet_style style, const char *text)
{
	PangoLayout *own;
	PangoLayoutIter *line;

	set(s, SHEET_INNER, style, text);
	own = pango_layout_copy(s->layout);
	line = pango_layout_get_iter(own);
	do {
		PangoRectangle box;
		double height = style.size * (style.spacing > 0 ? style.spacing : 1.45);

		sheet_need(s, height);
		pango_layout_iter_get_line_extents(line, NULL, &box);
		if (!s->measuring) {
			tint(s, style.tint);
			glyphs_show_line(s->glyphs, s->c, own,
					 pango_layout_iter_get_line_readonly(line),
					 SHEET_LEFT + (double)box.x / PANGO_SCALE,
					 s->y + height * 0.5 + style.size * 0.36);
		}
		s->y += height;
	} while (pango_layout_iter_next_line(line));
	pango_layout_iter_free(line);
	g_object_unref(own);
}

void sheet_line(struct sheet *s, double x0, double y0, double x1, double y1, enum sheet_tint t)
{
	if (s->measuring)
		return;
	tint(s, t);
	cairo_set_line_width(s->c, HAIR);
	cairo_move_to(s->c, x0, y0);
	cairo_line_to(s->c, x1, y1);
	cairo_stroke(s->c);
}

void sheet_box(struct sheet *s, double x, double y, double w, double h, enum sheet_tint t)
{
	if (s->measuring)
		return;
	tint(s, t);
	cairo_set_line_width(s->c, HAIR);
	cairo_rectangle(s->c, x, y, w, h);
	cairo_stroke(s->c);
}

void sheet_fill(struct sheet *s, double x, double y, double w, double h, enum sheet_tint t)
{
	if (s->measuring)
		return;
	tint(s, t);
	cairo_rectangle(s->c, x, y, w, h);
	cairo_fill(s->c);
}

void sheet_dashed_circle(struct sheet *s, double x, double y, double radius)
{
	static const double dash[] = { 4, 3 };

	if (s->measuring)
		return;
	tint(s, TINT_PALE);
	cairo_save(s->c);
	cairo_set_line_width(s->c, HAIR);
	cairo_set_dash(s->c, dash, ARRAY_SIZE(dash), 0);
	cairo_new_sub_path(s->c);
	cairo_arc(s->c, x, y, radius, 0, 2 * G_PI);
	cairo_stroke(s->c);
	cairo_restore(s->c);
}

void sheet_qr(struct sheet *s, double x, double y, double side, const char *text)
{
	QRcode *qr;
	double m;

	if (s->measuring)
		return;
	qr = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (!qr)
		die("print: no QR code for %zu bytes: %m", strlen(text));
	m = side / qr->width;
	cairo_set_source_rgb(s->c, 0, 0, 0);
	for (int row = 0; row < qr->width; row++) {
		const unsigned char *at = qr->data + (size_t)row * (size_t)qr->width;

		for (int i = 0, run; i < qr->width; i += run) {
			for (run = 1; i + run < qr->width && !((at[i] ^ at[i + run]) & 1);)
				run++;
			if (at[i] & 1)
				cairo_rectangle(s->c, x + i * m, y + row * m, run * m, m);
		}
	}
	cairo_fill(s->c);
	QRcode_free(qr);
}
