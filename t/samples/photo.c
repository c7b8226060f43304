/* photo.c: desk, perspective, light, blur and noise. */
#include "photo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NOISE_SIZE 65536

static uint64_t next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static double uniform(uint64_t *state, double from, double to)
{
	return from + (to - from) * (double)(next(state) >> 11) / 9007199254740992.0;
}

struct point {
	double x, y;
};

/* Maps the picture onto the document's unit square (projective). */
struct map {
	double m[9];
};

/* Unit square to a quadrilateral (Heckbert 1989), then inverted. */
static struct map map_of(const struct point q[4])
{
	double dx1 = q[1].x - q[2].x, dx2 = q[3].x - q[2].x;
	double dy1 = q[1].y - q[2].y, dy2 = q[3].y - q[2].y;
	double sx = q[0].x - q[1].x + q[2].x - q[3].x, sy = q[0].y - q[1].y + q[2].y - q[3].y;
	double den = dx1 * dy2 - dx2 * dy1;
	double g = (sx * dy2 - dx2 * sy) / den, h = (dx1 * sy - sx * dy1) / den;
	double a = q[1].x - q[0].x + g * q[1].x, b = q[3].x - q[0].x + h * q[3].x, c = q[0].x;
	double d = q[1].y - q[0].y + g * q[1].y, e = q[3].y - q[0].y + h * q[3].y, f = q[0].y;

	return (struct map){ { e - f * h, c * h - b, b * f - c * e, f * g - d, a - c * g,
			       c * d - a * f, d * h - e * g, b * g - a * h, a * e - b * d } };
}

/* Corners of the document in the picture, clockwise from the upper left. */
static void corners(const struct photo_settings *s, double aspect, struct point q[4])
{
	double w = s->width_px * s->fill, h = w / aspect, turn = s->tilt * M_PI / 180;
	double cx = s->width_px / 2.0, cy = s->height_px / 2.0;
	int i;

	if (h > s->height_px * s->fill) {
		h = s->height_px * s->fill;
		w = h * aspect;
	}
	if (s->cut > 0)
		cx = s->width_px - w / 2 + w * s->cut;
	for (i = 0; i < 4; i++) {
		double x = (i == 1 || i == 2 ? w : -w) / 2, y = (i > 1 ? h : -h) / 2;

		if (i < 2)
			x *= 1 - s->lean;
		q[i].x = cx + x * cos(turn) - y * sin(turn);
		q[i].y = cy + x * sin(turn) + y * cos(turn);
	}
}

/* The desk: two tints and stripes of random width. */
struct desk {
	double base[3], stripe[3];
	double period, slope;
};

static struct desk desk_of(uint64_t *state)
{
	static const double tints[][3] = {
		{ 124, 86, 52 }, { 92, 96, 104 }, { 58, 62, 70 }, { 150, 118, 84 }, { 70, 90, 78 },
	};
	const double *tint = tints[next(state) % 5];
	struct desk d = { .period = uniform(state, 40, 160), .slope = uniform(state, -0.1, 0.1) };
	double shift = uniform(state, 0.85, 1.1);
	int i;

	for (i = 0; i < 3; i++) {
		d.base[i] = tint[i] * shift;
		d.stripe[i] = tint[i] * 0.12;
	}
	return d;
}

struct shot {
	const struct photo_settings *s;
	struct map map;
	struct desk desk;
	const uint8_t *doc;
	int doc_w, doc_h, doc_stride;
	struct point lamp;
	double lamp_r, fall_x, fall_y;
	int16_t noise[NOISE_SIZE];
};

/* Sixteen bits of fraction are plenty for eight of colour. */
static void sample(const struct shot *t, double u, double v, double out[3])
{
	double x = u * (t->doc_w - 1), y = v * (t->doc_h - 1);
	int ix = (int)x, iy = (int)y, i;
	double fx = x - ix, fy = y - iy;
	int ix1 = ix + 1 < t->doc_w ? ix + 1 : ix, iy1 = iy + 1 < t->doc_h ? iy + 1 : iy;
	const uint8_t *r0 = t->doc + (size_t)iy * t->doc_stride;
	const uint8_t *r1 = t->doc + (size_t)iy1 * t->doc_stride;

	for (i = 0; i < 3; i++) {
		int b = 2 - i; /* cairo: blue first */
		double top = r0[4 * ix + b] * (1 - fx) + r0[4 * ix1 + b] * fx;
		double low = r1[4 * ix + b] * (1 - fx) + r1[4 * ix1 + b] * fx;

		out[i] = top * (1 - fy) + low * fy;
	}
}

static void desk_at(const struct shot *t, int x, int y, double edge, double out[3])
{
	double wave =
		sin((y + t->desk.slope * x) / t->desk.period + 0.6 * sin(x / (t->desk.period * 7)));
	double shadow = edge < 0.02 ? 0.75 + 12.5 * edge : 1;
	int i;

	for (i = 0; i < 3; i++)
		out[i] = (t->desk.base[i] + t->desk.stripe[i] * wave) * shadow;
}

static double light_at(const struct shot *t, int x, int y)
{
	double dx = (double)x / t->s->width_px - 0.5, dy = (double)y / t->s->height_px - 0.5;

	return t->s->light * (0.93 + t->fall_x * dx + t->fall_y * dy - 0.22 * (dx * dx + dy * dy));
}

static double glare_at(const struct shot *t, int x, int y)
{
	double dx = (x - t->lamp.x) / t->lamp_r, dy = (y - t->lamp.y) / t->lamp_r;
	double d = dx * dx + dy * dy;

	return t->s->glare > 0 && d < 9 ? t->s->glare * 420 * exp(-d * 1.4) : 0;
}

static void take_row(struct shot *t, int y, uint8_t *out)
{
	const double *m = t->map.m;
	int x, i;

	for (x = 0; x < t->s->width_px; x++) {
		double w = m[6] * x + m[7] * y + m[8];
		double u = (m[0] * x + m[1] * y + m[2]) / w, v = (m[3] * x + m[4] * y + m[5]) / w;
		double light = light_at(t, x, y), add = glare_at(t, x, y), colour[3];

		if (u >= 0 && u <= 1 && v >= 0 && v <= 1) {
			sample(t, u, v, colour);
		} else {
			double du = u < 0 ? -u :
				    u > 1 ? u - 1 :
					    0,
			       dv = v < 0 ? -v :
				    v > 1 ? v - 1 :
					    0;

			desk_at(t, x, y, du > dv ? du : dv, colour);
		}
		for (i = 0; i < 3; i++) {
			double c = colour[i] * light * 0.90 + add;

			*out++ = (uint8_t)(c < 0 ? 0 : c > 255 ? 255 : c);
		}
	}
}

/* Running mean along one line of pixels, `step` bytes apart. */
static void blur_line(uint8_t *at, size_t step, int n, int r, uint8_t *copy)
{
	int i, sum = 0;

	for (i = 0; i < n; i++)
		copy[i] = at[i * step];
	for (i = -r; i <= r; i++)
		sum += copy[i < 0 ? 0 : i >= n ? n - 1 : i];
	for (i = 0; i < n; i++) {
		int in = i + r + 1, out = i - r;

		at[i * step] = (uint8_t)(sum / (2 * r + 1));
		sum += copy[in >= n ? n - 1 : in] - copy[out < 0 ? 0 : out];
	}
}

static void blur(uint8_t *rgb, int w, int h, int r)
{
	uint8_t *copy = malloc((size_t)(w > h ? w : h));
	int x, y, c;

	if (!copy)
		abort();
	for (y = 0; y < h; y++)
		for (c = 0; c < 3; c++)
			blur_line(rgb + 3 * (size_t)w * y + c, 3, w, r, copy);
	for (x = 0; x < w; x++)
		for (c = 0; c < 3; c++)
			blur_line(rgb + 3 * (size_t)x + c, 3 * (size_t)w, h, r, copy);
	free(copy);
}

/* A table of normal deviates, read from a new place for each row. */
static void add_noise(struct shot *t, uint64_t *state, uint8_t *rgb)
{
	size_t row = 3 * (size_t)t->s->width_px, i;
	int y;

	for (i = 0; i < NOISE_SIZE; i++) {
		double sum = -6;
		int k;

		for (k = 0; k < 12; k++)
			sum += uniform(state, 0, 1);
		t->noise[i] = (int16_t)lrint(sum * t->s->noise);
	}
	for (y = 0; y < t->s->height_px; y++, rgb += row) {
		size_t at = next(state) % NOISE_SIZE;

		for (i = 0; i < row; i++) {
			int v = rgb[i] + t->noise[(at + i) % NOISE_SIZE];

			rgb[i] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
		}
	}
}

uint8_t *photo_take(const struct photo_settings *s, cairo_surface_t *document)
{
	uint64_t state = s->seed * 0x9e3779b97f4a7c15u + 1;
	struct shot *t = calloc(1, sizeof(*t));
	uint8_t *rgb = malloc(3 * (size_t)s->width_px * s->height_px);
	struct point q[4];
	int y, times;

	if (!t || !rgb)
		abort();
	t->s = s;
	t->doc = cairo_image_surface_get_data(document);
	t->doc_w = cairo_image_surface_get_width(document);
	t->doc_h = cairo_image_surface_get_height(document);
	t->doc_stride = cairo_image_surface_get_stride(document);
	corners(s, (double)t->doc_w / t->doc_h, q);
	t->map = map_of(q);
	t->desk = desk_of(&state);
	t->lamp.x = s->width_px * uniform(&state, 0.35, 0.65);
	t->lamp.y = s->height_px * uniform(&state, 0.35, 0.65);
	t->lamp_r = s->width_px * 0.11;
	t->fall_x = uniform(&state, -0.15, 0.15);
	t->fall_y = uniform(&state, -0.15, 0.15);
	for (y = 0; y < s->height_px; y++)
		take_row(t, y, rgb + 3 * (size_t)s->width_px * y);
	for (times = 0; s->blur_px >= 1 && times < 2; times++)
		blur(rgb, s->width_px, s->height_px, (int)s->blur_px);
	if (s->noise > 0)
		add_noise(t, &state, rgb);
	free(t);
	return rgb;
}
