/* qr-code.c: a QR code drawn in the page. */
#include "qr-code.h"

#include <qrencode.h>

#include "base/die.h"

/* Dark modules, row by row; runs of them are one rectangle. */
static void qr_path(const QRcode *qr, struct buffer *out)
{
	for (int y = 0; y < qr->width; y++) {
		const unsigned char *row = qr->data + (size_t)y * (size_t)qr->width;

		for (int x = 0, run; x < qr->width; x += run) {
			for (run = 1; x + run < qr->width && !((row[x] ^ row[x + run]) & 1);)
				run++;
			if (row[x] & 1)
				buffer_printf(out, "M%d %dh%dv1h-%dz", x, y, run, run);
		}
	}
}

/* The quiet zone of four modules is part of the picture (ISO/IEC 18004). */
void qr_code_write(struct markup *m, const char *text, const char *label)
{
	QRcode *qr = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	struct buffer path = BUFFER_INIT, box = BUFFER_INIT;

	if (!qr)
		die("no QR code for an address of %zu bytes: %m", strlen(text));
	qr_path(qr, &path);
	buffer_printf(&box, "-4 -4 %d %d", qr->width + 8, qr->width + 8);
	markup_open(m, "svg", "class", "yj-qr", "viewBox", box.data, "role", "img", "aria-label",
		    label, "shape-rendering", "crispEdges", NULL);
	markup_element(m, "rect", NULL, "x", "-4", "y", "-4", "width", "100%", "height", "100%",
		       "fill", "#fff", NULL);
	markup_element(m, "path", NULL, "d", buffer_text(&path), "fill", "#000", NULL);
	markup_close(m, "svg");
	buffer_release(&path);
	buffer_release(&box);
	QRcode_free(qr);
}
