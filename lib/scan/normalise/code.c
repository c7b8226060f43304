/* code.c: looks for the QR code of a printed form. */
#include "code.h"

#include "base/alloc.h"
#include "scan/result.h"

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

void code_warm_up(void)
{
	int numbers[1024] = { 0 };

	qsort(numbers, ARRAY_SIZE(numbers), sizeof(*numbers), compare);
}

#ifdef YJ_ZBAR
#include <zbar.h>

static bool take(const zbar_image_t *image, char out[SCAN_CODE_MAX + 1])
{
	const zbar_symbol_t *s;

	for (s = zbar_image_first_symbol(image); s; s = zbar_symbol_next(s)) {
		const char *text = zbar_symbol_get_data(s);
		size_t n = zbar_symbol_get_data_length(s);

		if (zbar_symbol_get_type(s) != ZBAR_QRCODE || n > SCAN_CODE_MAX ||
		    strlen(text) != n || strncmp(text, SCAN_CODE_BEGIN, strlen(SCAN_CODE_BEGIN)))
			continue;
		memcpy(out, text, n + 1);
		return true;
	}
	return false;
}

static bool find(const struct small *grey, char out[SCAN_CODE_MAX + 1])
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	bool found;

	zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, (unsigned)grey->width_px, (unsigned)grey->height_px);
	zbar_image_set_data(image, grey->at, (size_t)grey->width_px * grey->height_px, NULL);
	found = zbar_scan_image(scanner, image) > 0 && take(image, out);
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return found;
}

/* Twice the size, the pixels between made of their neighbours. */
static struct small twice(const struct small *s)
{
	struct small out = { 2 * s->width_px, 2 * s->height_px, 1, NULL };
	size_t width = (size_t)s->width_px;

	out.at = xmalloc(4 * width * s->height_px);
	for (int y = 0; y < out.height_px; y++) {
		const uint8_t *a = s->at + width * (size_t)(y / 2);
		const uint8_t *b = y % 2 && y + 1 < out.height_px ? a + width : a;
		uint8_t *to = out.at + 2 * width * (size_t)y;

		for (size_t x = 0; x < width; x++) {
			size_t next = x + 1 < width ? x + 1 : x;

			to[2 * x] = (uint8_t)((a[x] + b[x]) / 2);
			to[2 * x + 1] = (uint8_t)((a[x] + b[x] + a[next] + b[next]) / 4);
		}
	}
	return out;
}

void code_find(const struct small *half, const struct small *whole, char out[SCAN_CODE_MAX + 1])
{
	struct small large;

	*out = '\0';
	if (find(half, out) || find(whole, out))
		return;
	large = twice(whole);
	find(&large, out);
	free(large.at);
}
#else
void code_find(const struct small *half UNUSED, const struct small *whole UNUSED,
	       char out[SCAN_CODE_MAX + 1])
{
	*out = '\0';
}
#endif
