/* sheet.h: pages of A4 with words, lines and codes; for lib/print alone.
 *
 * Lengths are points, from the upper left corner. A document is drawn twice by
 * the same function: first `measuring`, which counts its pages and draws
 * nothing, because every page says how many there are. */
#ifndef PRINT_SHEET_H
#define PRINT_SHEET_H

#include "print/code.h"
#include "print/glyphs.h"

#include <cairo-pdf.h>

#define MM (72.0 / 25.4)
#define SHEET_WIDTH (210 * MM)
#define SHEET_HEIGHT (297 * MM)
#define SHEET_LEFT (18 * MM)
#define SHEET_RIGHT (SHEET_WIDTH - 18 * MM)
#define SHEET_TOP (13 * MM)
#define SHEET_BOTTOM (SHEET_HEIGHT - 19 * MM)
#define SHEET_INNER (SHEET_RIGHT - SHEET_LEFT)

enum sheet_tint { TINT_INK, TINT_GREY, TINT_LINE, TINT_PALE, TINT_LIGHT, TINT_COUNT };

struct sheet_style {
	double size; /* of the letters */
	double spacing; /* between lines, in letter sizes */
	bool bold, centred, justified;
	double indent; /* of the first line, in letter sizes */
	enum sheet_tint tint;
};

struct sheet {
	struct buffer *out;
	cairo_surface_t *surface;
	cairo_t *c;
	PangoLayout *layout;
	struct glyphs *glyphs;
	bool measuring;
	bool unknown; /* a letter was in none of the fonts */
	double y; /* where the next thing goes */
	int page, pages;
	/* draws what every page has at its top and moves y below it; NULL: nothing */
	void (*head)(struct sheet *);
	const void *context; /* of head */
	struct print_code code; /* of this document */
	const char *title; /* of the footer */
};

/* Runs draw twice and appends the PDF. `title` is its metadata. */
void sheet_print(struct sheet *, const char *title, void (*draw)(struct sheet *, const void *),
		 const void *context, struct buffer *out);
/* A new page unless there is so much room on this one. */
void sheet_need(struct sheet *, double height);
void sheet_next(struct sheet *);

/* Words in a column of that width; gives the height they take. */
double sheet_text(struct sheet *, double x, double y, double width, struct sheet_style,
		  const char *text);
double sheet_height(struct sheet *, double width, struct sheet_style, const char *text);
/* The same at s->y over the whole width, from page to page. */
void sheet_flow(struct sheet *, struct sheet_style, const char *text);
void sheet_line(struct sheet *, double x0, double y0, double x1, double y1, enum sheet_tint);
void sheet_box(struct sheet *, double x, double y, double w, double h, enum sheet_tint);
void sheet_fill(struct sheet *, double x, double y, double w, double h, enum sheet_tint);
void sheet_dashed_circle(struct sheet *, double x, double y, double radius);
/* A QR code without its quiet zone of four modules, which must stay white. */
void sheet_qr(struct sheet *, double x, double y, double side, const char *text);

#endif
