/* glyphs.c: shows what pango has laid out, as outlines. */
#include "print/glyphs.h"

#include <cairo-ft.h>
#include <pango/pangofc-font.h>

#include "base/alloc.h"

#define FACES_MAX 16
#define ARTIFICIAL (1u << 7) /* neither bold nor oblique: changes no outline */

/* A font file and what cairo makes of it: one of each, or it is embedded twice. */
struct face {
	char *file;
	int index;
	cairo_font_face_t *cairo;
};

struct glyphs {
	struct face face[FACES_MAX];
	size_t count;
};

struct glyphs *glyphs_new(void)
{
	return xcalloc(1, sizeof(struct glyphs));
}

void glyphs_free(struct glyphs *g)
{
	for (size_t i = 0; i < g->count; i++) {
		cairo_font_face_destroy(g->face[i].cairo);
		free(g->face[i].file);
	}
	free(g);
}

/* NULL when there are too many, or the font is no file. */
static cairo_font_face_t *find_face(struct glyphs *g, PangoFont *font)
{
	FcPattern *pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
	struct face *face = &g->face[g->count];
	FcChar8 *name;
	const char *file;
	int index = 0;

	if (FcPatternGetString(pattern, FC_FILE, 0, &name) != FcResultMatch)
		return NULL;
	file = (const char *)name;
	FcPatternGetInteger(pattern, FC_INDEX, 0, &index);
	for (size_t i = 0; i < g->count; i++)
		if (g->face[i].index == index && !strcmp(g->face[i].file, file))
			return g->face[i].cairo;
	if (g->count == FACES_MAX)
		return NULL;
	face->cairo = cairo_ft_font_face_create_for_pattern(pattern);
	cairo_ft_font_face_set_synthesize(face->cairo, ARTIFICIAL);
	face->file = xstrdup(file);
	face->index = index;
	g->count++;
	return face->cairo;
}

/* A run of letters in the shape that cairo takes: letters with their places,
 * and for each how many bytes of the text it stands for, so that the words can
 * be copied out of the document. */
struct letters {
	cairo_glyph_t *glyph;
	cairo_text_cluster_t *cluster;
	int count, clusters;
};

static double points(int units)
{
	return (double)units / PANGO_SCALE;
}

static int cluster_end(const PangoGlyphItem *run, int i)
{
	int n = run->glyphs->num_glyphs, at = run->glyphs->log_clusters[i];

	while (i < n && run->glyphs->log_clusters[i] == at)
		i++;
	return i < n ? run->glyphs->log_clusters[i] : run->item->length;
}

static void take_letters(const PangoGlyphItem *run, double *x, double y, struct letters *l)
{
	const PangoGlyphString *from = run->glyphs;

	for (int i = 0; i < from->num_glyphs; i++) {
		const PangoGlyphInfo *info = &from->glyphs[i];
		int at = from->log_clusters[i], shown = 0;

		if (info->glyph != PANGO_GLYPH_EMPTY && !(info->glyph & PANGO_GLYPH_UNKNOWN_FLAG)) {
			l->glyph[l->count++] = (cairo_glyph_t){
				.index = info->glyph,
				.x = *x + points(info->geometry.x_offset),
				.y = y + points(info->geometry.y_offset),
			};
			shown = 1;
		}
		*x += points(info->geometry.width);
		if (i && from->log_clusters[i - 1] == at)
			l->cluster[l->clusters - 1].num_glyphs += shown;
		else
			l->cluster[l->clusters++] = (cairo_text_cluster_t){
				.num_bytes = cluster_end(run, i) - at,
				.num_glyphs = shown,
			};
	}
}

static void show_run(struct glyphs *g, cairo_t *c, const PangoGlyphItem *run, const char *text,
		     double *x, double y)
{
	PangoFont *font = run->item->analysis.font;
	cairo_font_face_t *face = find_face(g, font);
	PangoFontDescription *size = pango_font_describe_with_absolute_size(font);
	size_t n = (size_t)run->glyphs->num_glyphs;
	struct letters l = { .glyph = xcalloc(n + 1, sizeof(*l.glyph)),
			     .cluster = xcalloc(n + 1, sizeof(*l.cluster)) };
	const cairo_text_cluster_flags_t no_flags = (cairo_text_cluster_flags_t)0;
	double start = *x;

	take_letters(run, x, y, &l);
	if (face) {
		cairo_set_font_face(c, face);
		cairo_set_font_size(c, points(pango_font_description_get_size(size)));
		cairo_show_text_glyphs(c, text + run->item->offset, run->item->length, l.glyph,
				       l.count, l.cluster, l.clusters, no_flags);
	} else {
		cairo_move_to(c, start, y);
		pango_cairo_show_glyph_string(c, font, run->glyphs);
	}
	pango_font_description_free(size);
	free(l.glyph);
	free(l.cluster);
}

void glyphs_show_line(struct glyphs *g, cairo_t *c, PangoLayout *layout, PangoLayoutLine *line,
		      double x, double y)
{
	const char *text = pango_layout_get_text(layout);

	for (GSList *run = line->runs; run; run = run->next)
		show_run(g, c, run->data, text, &x, y);
}

void glyphs_show(struct glyphs *g, cairo_t *c, PangoLayout *layout, double x, double y)
{
	PangoLayoutIter *line = pango_layout_get_iter(layout);

	do {
		PangoRectangle box;

		pango_layout_iter_get_line_extents(line, NULL, &box);
		glyphs_show_line(g, c, layout, pango_layout_iter_get_line_readonly(line),
				 x + points(box.x),
				 y + points(pango_layout_iter_get_baseline(line)));
	} while (pango_layout_iter_next_line(line));
	pango_layout_iter_free(line);
}
