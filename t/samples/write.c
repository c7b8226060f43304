/* write.c: a photograph as the JPEG file of a phone, with its Exif. */
#include "photo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

/* Where pixel (x, y) of the stored picture comes from in the upright one. */
static size_t source(int orientation, int x, int y, int w, int h)
{
	int ux, uy; /* w, h: of the upright picture */

	switch (orientation) {
	case 2:
		ux = w - 1 - x;
		uy = y;
		break;
	case 3:
		ux = w - 1 - x;
		uy = h - 1 - y;
		break;
	case 4:
		ux = x;
		uy = h - 1 - y;
		break;
	case 5:
		ux = y;
		uy = x;
		break;
	case 6:
		ux = w - 1 - y;
		uy = x;
		break;
	case 7:
		ux = w - 1 - y;
		uy = h - 1 - x;
		break;
	case 8:
		ux = y;
		uy = h - 1 - x;
		break;
	default:
		ux = x;
		uy = y;
		break;
	}
	return 3 * ((size_t)uy * w + ux);
}

static uint8_t *stored(const uint8_t *rgb, int w, int h, int orientation)
{
	int sw = orientation > 4 ? h : w, sh = orientation > 4 ? w : h, x, y;
	uint8_t *out = malloc(3 * (size_t)w * h), *at = out;

	if (!out)
		abort();
	for (y = 0; y < sh; y++)
		for (x = 0; x < sw; x++, at += 3)
			memcpy(at, rgb + source(orientation, x, y, w, h), 3);
	return out;
}

struct tiff {
	uint8_t at[1024];
	size_t len, extra; /* end of the directory, of the values behind it */
};

static void put(uint8_t *at, unsigned long v, int size)
{
	while (size--)
		*at++ = (uint8_t)(v >> 8 * size);
}

/* One entry of 12 bytes; longer values go behind the directory. */
static void entry(struct tiff *t, int tag, int type, unsigned count, const void *value, size_t size)
{
	put(t->at + t->len, tag, 2);
	put(t->at + t->len + 2, type, 2);
	put(t->at + t->len + 4, count, 4);
	if (size <= 4) {
		memcpy(t->at + t->len + 8, value, size);
	} else {
		put(t->at + t->len + 8, t->extra, 4);
		memcpy(t->at + t->extra, value, size);
		t->extra += (size + 1) & ~(size_t)1;
	}
	t->len += 12;
}

static void words(struct tiff *t, int tag, const char *text)
{
	entry(t, tag, 2, strlen(text) + 1, text, strlen(text) + 1);
}

static void degrees(struct tiff *t, int tag, unsigned d, unsigned m, unsigned s)
{
	uint8_t v[24] = { 0 };

	put(v, d, 4);
	put(v + 4, 1, 4);
	put(v + 8, m, 4);
	put(v + 12, 1, 4);
	put(v + 16, s, 4);
	put(v + 20, 1, 4);
	entry(t, tag, 5, 3, v, sizeof(v));
}

/* Directory 0 with orientation; when private also maker, model, time and place,
 * which must not survive. */
static size_t exif(const struct photo_file *f, uint8_t *out)
{
	struct tiff t = { .len = 10, .extra = 300 };
	unsigned entries = f->private ? 6 : 1;
	uint8_t v[4] = { 0 };

	memcpy(t.at, "MM\0*\0\0\0\10", 8);
	put(t.at + 8, entries, 2);
	if (f->private) {
		words(&t, 0x010e, "holiday in Ganzhou");
		words(&t, 0x010f, "SamplePhone");
		words(&t, 0x0110, "Model 12 MP");
	}
	put(v, f->orientation, 2);
	entry(&t, 0x0112, 3, 1, v, 4);
	if (f->private) {
		words(&t, 0x0132, "2026:11:20 09:30:00");
		put(v, 150, 4);
		entry(&t, 0x8825, 4, 1, v, 4);
		t.len = 150;
		put(t.at + t.len, 4, 2);
		t.len += 2;
		words(&t, 1, "N");
		degrees(&t, 2, 25, 49, 57);
		words(&t, 3, "E");
		degrees(&t, 4, 114, 56, 6);
	}
	memcpy(out, "\xff\xe1", 2);
	put(out + 2, t.extra + 8, 2);
	memcpy(out + 4, "Exif\0", 6);
	memcpy(out + 10, t.at, t.extra);
	return 10 + t.extra;
}

bool photo_write(const char *path, const uint8_t *rgb, int w, int h, const struct photo_file *f)
{
	int o = f->orientation ? f->orientation : 1;
	uint8_t *turned = stored(rgb, w, h, o), head[2048];
	tjhandle tj = tjInitCompress();
	unsigned char *jpeg = NULL;
	unsigned long len = 0;
	FILE *file = fopen(path, "wb");
	bool ok;

	ok = file && tj &&
	     !tjCompress2(tj, turned, o > 4 ? h : w, 0, o > 4 ? w : h, TJPF_RGB, &jpeg, &len,
			  TJSAMP_420, f->quality, f->progressive ? TJFLAG_PROGRESSIVE : 0);
	ok = ok && fwrite(jpeg, 1, 2, file) == 2;
	if (ok && f->orientation) {
		size_t n = exif(f, head);

		ok = fwrite(head, 1, n, file) == n;
	}
	ok = ok && fwrite(jpeg + 2, 1, len - 2, file) == len - 2;
	if (file)
		ok = !fclose(file) && ok;
	tjFree(jpeg);
	tjDestroy(tj);
	free(turned);
	return ok;
}
