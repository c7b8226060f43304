/* glyphs.h: shows what pango has laid out, as outlines that cairo makes itself.
 *
 * Cairo 1.16 leaves subroutines out that letters of a CFF font still need when
 * it embeds the font (it counts hints wrongly behind a subroutine it has seen
 * before): now and then a Chinese character is white. A font that it takes for
 * an artificial one is embedded as plain outlines instead, which are whole. */
#ifndef PRINT_GLYPHS_H
#define PRINT_GLYPHS_H

#include "base/base.h"

#include <pango/pangocairo.h>

struct glyphs;

struct glyphs *glyphs_new(void);
void glyphs_free(struct glyphs *);
/* As pango_cairo_show_layout() at (x, y), the upper left corner. */
void glyphs_show(struct glyphs *, cairo_t *, PangoLayout *, double x, double y);
/* One line of a layout, its baseline beginning at (x, y). */
void glyphs_show_line(struct glyphs *, cairo_t *, PangoLayout *, PangoLayoutLine *, double x,
		      double y);

#endif
