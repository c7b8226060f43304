/* marks.c: quality marks and perceptual hash of a grey picture of about
 * MARKS_SIDE_PX. Thresholds are tuned on t/samples; t/scan/marks.t prints how
 * they do. */
#include "marks.h"

#include "base/alloc.h"
#include "scan/scan.h"

#define TILE_PX 32
#define SMALL_PX 720 /* short side below which small print is lost */
#define EDGE_MIN 40.0 /* gradient energy of a tile that has print in it */
#define SHARP_MIN 0.35
#define WHITE_DARK 80.0
#define BURNT_MIN 0.004
#define BURNT_MAX 0.20
#define WHITE 250
#define NEARLY_WHITE 228
#define CONTRAST_MIN 0.65
#define SHEET_OUTSIDE 0.5 /* of one edge, */
#define SHEET_NOWHERE 0.1 /* when the three others show the desk */

struct tile {
	double gradient, laplace;
};

static struct tile tile_of(const struct small *g, int x0, int y0)
{
	int64_t gradient = 0, laplace = 0;
	int x, y;

	for (y = y0; y < y0 + TILE_PX; y++) {
		const uint8_t *at = g->at + (size_t)y * g->width_px;
		const uint8_t *up = at - g->width_px, *down = at + g->width_px;

		for (x = x0; x < x0 + TILE_PX; x++) {
			int dx = at[x + 1] - at[x - 1], dy = down[x] - up[x];
			int l = 4 * at[x] - at[x - 1] - at[x + 1] - up[x] - down[x];

			gradient += dx * dx + dy * dy;
			laplace += l * l;
		}
	}
	return (struct tile){ gradient / (4.0 * TILE_PX * TILE_PX),
			      laplace / (1.0 * TILE_PX * TILE_PX) };
}

/* Steepest first. By hand, because the C library's qsort() asks the system how
 * much memory there is, which the seal does not allow. */
static void sort(struct tile *tile, int n)
{
	int i, k;

	for (i = 1; i < n; i++) {
		struct tile t = tile[i];

		for (k = i; k > 0 && tile[k - 1].gradient < t.gradient; k--)
			tile[k] = tile[k - 1];
		tile[k] = t;
	}
}

/* Laplacian over gradient energy, where there are edges: it falls with the
 * square of an edge's width whatever its contrast. White noise adds 1 to 20
 * parts; how much there is shows in the flattest tiles. */
static double sharpness(const struct small *g)
{
	int columns = (g->width_px - 2) / TILE_PX, rows = (g->height_px - 2) / TILE_PX;
	struct tile *tile;
	double gradient = 0, laplace = 0, noise;
	int n = 0, i, best;

	if (columns < 2 || rows < 2)
		return 0;
	tile = xcalloc((size_t)columns * rows, sizeof(*tile));
	for (i = 0; i < columns * rows; i++)
		tile[n++] = tile_of(g, 1 + i % columns * TILE_PX, 1 + i / columns * TILE_PX);
	sort(tile, n);
	noise = tile[n - 1 - n / 20].laplace / 20;
	best = n / 8 + 1;
	for (i = 0; i < best && tile[i].gradient - noise > EDGE_MIN; i++) {
		gradient += tile[i].gradient - noise;
		laplace += tile[i].laplace - 20 * noise;
	}
	free(tile);
	return i && laplace > 0 ? laplace / gradient : 0;
}

static void histogram(const struct small *g, unsigned count[256])
{
	size_t n = (size_t)g->width_px * g->height_px, i;

	memset(count, 0, 256 * sizeof(*count));
	for (i = 0; i < n; i++)
		count[g->at[i]]++;
}

static double percentile(const unsigned count[256], double share)
{
	uint64_t n = 0, below = 0;
	int i;

	for (i = 0; i < 256; i++)
		n += count[i];
	for (i = 0; i < 255; i++) {
		below += count[i];
		if ((double)below >= share * (double)n)
			break;
	}
	return i;
}

/* A lamp burns out a spot and fades around it; a white box ends at once, and a
 * white sheet is white all over. */
static double burnt(const unsigned count[256])
{
	uint64_t white = 0, nearly = 0, rest = 0;
	int i;

	for (i = 0; i < 256; i++)
		*(i >= WHITE ? &white : i >= NEARLY_WHITE ? &nearly : &rest) += count[i];
	if (nearly * 4 < white || nearly > white * 4)
		return 0;
	return (double)white / (double)(white + nearly + rest);
}

/* Otsu: the level that parts a picture into dark and bright, and how much of
 * its variance that explains. */
static int part(const unsigned count[256], double *explained)
{
	double n = 0, sum = 0, squares = 0, below = 0, sum_below = 0, best = 0;
	int i, level = 0;

	for (i = 0; i < 256; i++) {
		n += count[i];
		sum += (double)count[i] * i;
		squares += (double)count[i] * i * i;
	}
	for (i = 0; i < 255; i++) {
		double between, d;

		below += count[i];
		sum_below += (double)count[i] * i;
		if (below == 0 || below == n)
			continue;
		d = sum_below / below - (sum - sum_below) / (n - below);
		between = below * (n - below) * d * d / (n * n);
		if (between > best) {
			best = between;
			level = i;
		}
	}
	squares = squares / n - sum / n * (sum / n);
	*explained = squares > 400 ? best / squares : 0;
	return level;
}

/* Share of each edge that is brighter than the level. */
static void edges(const struct small *g, int level, double sheet[4])
{
	int w = g->width_px, h = g->height_px, i;
	int bright[4] = { 0 };

	for (i = 0; i < w; i++) {
		bright[0] += g->at[i] > level;
		bright[2] += g->at[(size_t)(h - 1) * w + i] > level;
	}
	for (i = 0; i < h; i++) {
		bright[1] += g->at[(size_t)i * w + w - 1] > level;
		bright[3] += g->at[(size_t)i * w] > level;
	}
	for (i = 0; i < 4; i++)
		sheet[i] = (double)bright[i] / (i % 2 ? h : w);
}

void marks_measure(const struct small *grey, struct marks_figures *f)
{
	struct small g = small_bounded(grey, 256);
	unsigned count[256];
	int level;

	f->sharpness = sharpness(grey);
	histogram(&g, count);
	f->white = percentile(count, 0.95);
	f->burnt = burnt(count);
	level = part(count, &f->contrast);
	edges(&g, level, f->sheet);
	free(g.at);
}

/* One edge cuts the sheet, the three others lie on the desk. With sheet at two
 * edges or more it may just fill the picture. */
static bool cut_off(const struct marks_figures *f)
{
	int out = 0, in = 0, i;

	for (i = 0; i < 4; i++) {
		out += f->sheet[i] >= SHEET_OUTSIDE;
		in += f->sheet[i] <= SHEET_NOWHERE;
	}
	return f->contrast >= CONTRAST_MIN && out == 1 && in == 3;
}

unsigned marks_of(const struct marks_figures *f, int side_px)
{
	bool dark = f->white < WHITE_DARK;

	return (dark ? SCAN_DARK : 0) | (!dark && f->sharpness < SHARP_MIN ? SCAN_BLURRED : 0) |
	       (side_px < SMALL_PX ? SCAN_SMALL : 0) |
	       (f->burnt >= BURNT_MIN && f->burnt <= BURNT_MAX ? SCAN_GLARE : 0) |
	       (cut_off(f) ? SCAN_CUT_OFF : 0);
}

uint64_t marks_phash(const struct small *grey)
{
	struct small g = small_to(grey, 9, 8);
	uint64_t hash = 0;
	int x, y;

	for (y = 0; y < 8; y++)
		for (x = 0; x < 8; x++)
			hash = hash << 1 | (g.at[y * 9 + x] > g.at[y * 9 + x + 1]);
	free(g.at);
	return hash;
}
