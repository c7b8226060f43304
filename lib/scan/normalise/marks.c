/* marks.c: quality marks and perceptual hash from 8-bit pixels. */
#include "marks.h"

#include "base/alloc.h"

#define SIDE_PX 1024    /* long side at which a picture is judged */
#define TILE_PX 32
#define SMALL_PX 720    /* short side below which print of a form is hard to read */

/* Thresholds, tuned on t/samples (t/scan/marks.t prints the table). */
#define SHARP_MIN 0.10
#define PAPER_DARK 95
#define GLARE_MIN 0.006
#define GLARE_MAX 0.20

struct grey {
	int width, height;
	uint8_t *at;
};

static uint8_t luma(const uint8_t *rgb)
{
	return (uint8_t)((77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2]) >> 8);
}

/* Grey picture of the given size: means of boxes. */
static struct grey grey_of(const struct picture *p, int width, int height)
{
	struct grey g = { width, height, xmalloc((size_t)width * height) };
	int x, y, sx, sy;

	for (y = 0; y < height; y++) {
		int y0 = (int)((int64_t)y * p->height_px / height);
		int y1 = (int)((int64_t)(y + 1) * p->height_px / height);

		for (x = 0; x < width; x++) {
			int x0 = (int)((int64_t)x * p->width_px / width);
			int x1 = (int)((int64_t)(x + 1) * p->width_px / width);
			unsigned sum = 0, n = 0;

			for (sy = y0; sy < (y1 > y0 ? y1 : y0 + 1); sy++)
				for (sx = x0; sx < (x1 > x0 ? x1 : x0 + 1); sx++, n++)
					sum += luma(p->rgb + 3 * ((size_t)sy * p->width_px + sx));
			g.at[(size_t)y * width + x] = (uint8_t)(sum / n);
		}
	}
	return g;
}

static struct grey grey_bounded(const struct picture *p, int bound)
{
	int side = p->width_px > p->height_px ? p->width_px : p->height_px;
	int width = p->width_px, height = p->height_px;

	if (side > bound) {
		width = width * bound / side;
		height = height * bound / side;
	}
	return grey_of(p, width + !width, height + !height);
}

uint64_t marks_phash(const struct picture *p)
{
	struct grey g = grey_of(p, 9, 8);
	uint64_t hash = 0;
	int x, y;

	for (y = 0; y < 8; y++)
		for (x = 0; x < 8; x++)
			hash = hash << 1 | (g.at[y * 9 + x] > g.at[y * 9 + x + 1]);
	free(g.at);
	return hash;
}

unsigned marks_of(const struct picture *p, int side_px, struct marks_figures *f)
{
	struct grey g = grey_bounded(p, SIDE_PX);
	unsigned marks = 0;

	*f = (struct marks_figures){ 0 };
	if (side_px < SMALL_PX)
		marks |= SCAN_SMALL;
	free(g.at);
	return marks;
}
