/* samples.c: draws one document and writes a photograph or a flat scan of it.
 *
 *     samples DOCUMENT OUT.jpg [name=value ...]
 *
 * The same arguments give the same bytes. Names: see README. */
#include "paint.h"
#include "photo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
	struct subject subject;
	struct photo_settings photo;
	struct photo_file file;
	bool flat; /* no desk: the sheet fills the picture */
	int long_px, short_px;
};

static const struct job preset = {
	.subject = { .company = "赣州远航信息技术有限公司",
		     .uscc = "91360702MA35F6XT7Q",
		     .legal_rep = "李建国",
		     .region = "江西省赣州市章贡区",
		     .street = "红旗大道86号3栋502室",
		     .person = "王小梅",
		     .id_number = "360702199003078123",
		     .agent = "王小梅",
		     .agent_id_number = "360702199003078123",
		     .mobile = "13800138000",
		     .page = 1,
		     .pages = 2,
		     .seal = true },
	.photo = { .seed = 1, .fill = 0.86, .light = 1, .noise = 5, .tilt = 1.5, .lean = 0.03 },
	.file = { .orientation = 1, .quality = 90, .private = true },
	.long_px = 4032,
	.short_px = 3024,
};

struct option {
	const char *name;
	const char **text;
	double *real;
	int *number;
	bool *flag;
};

static bool set(struct job *j, const char *name, size_t len, const char *value)
{
	double seed = (double)j->photo.seed;
	struct subject *s = &j->subject;
	struct photo_settings *p = &j->photo;
	const struct option options[] = {
		{ .name = "company", .text = &s->company },
		{ .name = "uscc", .text = &s->uscc },
		{ .name = "legal-rep", .text = &s->legal_rep },
		{ .name = "region", .text = &s->region },
		{ .name = "street", .text = &s->street },
		{ .name = "person", .text = &s->person },
		{ .name = "id-number", .text = &s->id_number },
		{ .name = "agent", .text = &s->agent },
		{ .name = "agent-id-number", .text = &s->agent_id_number },
		{ .name = "mobile", .text = &s->mobile },
		{ .name = "picture", .text = &s->picture },
		{ .name = "page", .number = &s->page },
		{ .name = "pages", .number = &s->pages },
		{ .name = "seal", .flag = &s->seal },
		{ .name = "specimen", .flag = &s->specimen },
		{ .name = "seed", .real = &seed },
		{ .name = "fill", .real = &p->fill },
		{ .name = "light", .real = &p->light },
		{ .name = "noise", .real = &p->noise },
		{ .name = "blur", .real = &p->blur_px },
		{ .name = "glare", .real = &p->glare },
		{ .name = "cut", .real = &p->cut },
		{ .name = "tilt", .real = &p->tilt },
		{ .name = "lean", .real = &p->lean },
		{ .name = "flat", .flag = &j->flat },
		{ .name = "long", .number = &j->long_px },
		{ .name = "short", .number = &j->short_px },
		{ .name = "orientation", .number = &j->file.orientation },
		{ .name = "quality", .number = &j->file.quality },
		{ .name = "progressive", .flag = &j->file.progressive },
		{ .name = "private", .flag = &j->file.private },
	};
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(*options); i++) {
		const struct option *o = &options[i];

		if (strlen(o->name) != len || memcmp(o->name, name, len))
			continue;
		if (o->text)
			*o->text = value;
		else if (o->real)
			*o->real = strtod(value, NULL);
		else if (o->number)
			*o->number = (int)strtol(value, NULL, 10);
		else
			*o->flag = *value != '0';
		j->photo.seed = (uint64_t)seed;
		return true;
	}
	return false;
}

/* The sheet by itself, as a flatbed scanner gives it. */
static uint8_t *flat(cairo_surface_t *s)
{
	int w = cairo_image_surface_get_width(s), h = cairo_image_surface_get_height(s), x, y;
	uint8_t *rgb = malloc(3 * (size_t)w * h), *at = rgb;

	if (!rgb)
		abort();
	for (y = 0; y < h; y++) {
		const uint8_t *row = cairo_image_surface_get_data(s) +
				     (size_t)y * cairo_image_surface_get_stride(s);

		for (x = 0; x < w; x++, row += 4) {
			*at++ = row[2];
			*at++ = row[1];
			*at++ = row[0];
		}
	}
	return rgb;
}

static bool run(struct job *j, const struct document *d, const char *path)
{
	bool upright = d->height > d->width;
	cairo_surface_t *sheet;
	uint8_t *rgb;
	int w, h;
	bool ok;

	w = j->photo.width_px = upright ? j->short_px : j->long_px;
	h = j->photo.height_px = upright ? j->long_px : j->short_px;
	sheet = document_paint(d, &j->subject, j->flat ? w : (int)(w * j->photo.fill));
	if (j->flat) {
		w = cairo_image_surface_get_width(sheet);
		h = cairo_image_surface_get_height(sheet);
		rgb = flat(sheet);
	} else {
		rgb = photo_take(&j->photo, sheet);
	}
	ok = photo_write(path, rgb, w, h, &j->file);
	cairo_surface_destroy(sheet);
	free(rgb);
	return ok;
}

int main(int argc, char **argv)
{
	struct job j = preset;
	const struct document *d = argc > 2 ? document_find(argv[1]) : NULL;
	int i;

	if (!d) {
		fprintf(stderr, "usage: samples DOCUMENT OUT.jpg [name=value ...]\n");
		return 2;
	}
	for (i = 3; i < argc; i++) {
		const char *value = strchr(argv[i], '=');

		if (!value || !set(&j, argv[i], (size_t)(value - argv[i]), value + 1)) {
			fprintf(stderr, "samples: unknown setting %s\n", argv[i]);
			return 2;
		}
	}
	if (run(&j, d, argv[2]))
		return 0;
	perror(argv[2]);
	return 1;
}
