/* small.c: smaller copies of a picture, by means of boxes. */
#include "small.h"

#include "base/alloc.h"

static struct small make(int width, int height, int planes)
{
	struct small s = { width, height, planes, NULL };

	s.at = xmalloc((size_t)width * height * planes);
	return s;
}

/* The commonest case, written so that the compiler makes vectors of it. */
static void halve_row(const uint8_t *a, const uint8_t *b, uint8_t *out, int width, int planes)
{
	int x, p;

	for (x = 0; x < width; x++, a += 2 * planes, b += 2 * planes)
		for (p = 0; p < planes; p++)
			*out++ = (uint8_t)((a[p] + a[p + planes] + b[p] + b[p + planes] + 2) >> 2);
}

struct small small_by(const struct small *s, int k)
{
	struct small out = make(s->width_px / k, s->height_px / k, s->planes);
	size_t row = (size_t)s->width_px * s->planes;
	int y;

	if (k != 2) {
		free(out.at);
		return small_to(s, s->width_px / k, s->height_px / k);
	}
	for (y = 0; y < out.height_px; y++) {
		const uint8_t *at = s->at + 2 * row * y;
		uint8_t *to = out.at + (size_t)out.width_px * s->planes * y;

		if (s->planes == 3)
			halve_row(at, at + row, to, out.width_px, 3);
		else
			halve_row(at, at + row, to, out.width_px, 1);
	}
	return out;
}

/* The mean of the box of `s` that pixel (x, y) of a smaller picture covers. */
static void box(const struct small *s, int x0, int x1, int y0, int y1, uint8_t *out)
{
	unsigned sum[3] = { 0 }, n = (unsigned)(x1 - x0) * (unsigned)(y1 - y0);
	int x, y, p;

	for (y = y0; y < y1; y++) {
		const uint8_t *at = s->at + ((size_t)y * s->width_px + x0) * s->planes;

		for (x = x0; x < x1; x++)
			for (p = 0; p < s->planes; p++)
				sum[p] += *at++;
	}
	for (p = 0; p < s->planes; p++)
		out[p] = (uint8_t)((sum[p] + n / 2) / n);
}

static int edge(int i, int from, int to)
{
	return (int)((int64_t)i * from / to);
}

struct small small_to(const struct small *s, int width, int height)
{
	struct small out = make(width, height, s->planes);
	uint8_t *at = out.at;
	int x, y;

	for (y = 0; y < height; y++) {
		int y0 = edge(y, s->height_px, height), y1 = edge(y + 1, s->height_px, height);

		for (x = 0; x < width; x++, at += s->planes) {
			int x0 = edge(x, s->width_px, width);
			int x1 = edge(x + 1, s->width_px, width);

			box(s, x0, x1 > x0 ? x1 : x0 + 1, y0, y1 > y0 ? y1 : y0 + 1, at);
		}
	}
	return out;
}

struct small small_bounded(const struct small *s, int side_px)
{
	int side = s->width_px > s->height_px ? s->width_px : s->height_px;
	int width = s->width_px, height = s->height_px;

	if (side > side_px) {
		width = width * side_px / side;
		height = height * side_px / side;
	}
	return small_to(s, width ? width : 1, height ? height : 1);
}

struct small small_grey(const struct small *rgb)
{
	struct small out = make(rgb->width_px, rgb->height_px, 1);
	size_t n = (size_t)rgb->width_px * rgb->height_px, i;
	const uint8_t *at = rgb->at;

	for (i = 0; i < n; i++, at += 3)
		out.at[i] = (uint8_t)((77 * at[0] + 150 * at[1] + 29 * at[2]) >> 8);
	return out;
}
