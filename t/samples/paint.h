/* paint.h: the documents that applicants photograph, drawn with Chinese text.
 *
 * Every name and number is made up or comes from the caller. A document is
 * drawn at the resolution it will have in the photograph. */
#ifndef SAMPLES_PAINT_H
#define SAMPLES_PAINT_H

#include <cairo.h>
#include <stdbool.h>

struct subject {
	const char *company, *uscc, *legal_rep, *region, *street;
	const char *person, *id_number; /* on the ID card */
	const char *agent, *agent_id_number, *mobile;
	int page, pages; /* of a form or agreement */
	const char *picture; /* PNG of a printed page, for "printed" */
	bool seal;
	bool specimen; /* 样例 across it */
};

struct document {
	const char *name;
	double width, height; /* in units of the drawing */
	void (*draw)(cairo_t *, const struct document *, const struct subject *);
};

const struct document *document_find(const char *name);
/* The document on white paper, `width_px` wide; cairo_surface_destroy() it. */
cairo_surface_t *document_paint(const struct document *, const struct subject *, int width_px);

#endif
