/* qr-code.h: a QR code drawn in the page, for the pages of apply/ that show one. */
#ifndef APPLY_QR_CODE_H
#define APPLY_QR_CODE_H

#include "base/markup.h"

/* Writes text as a picture; `label` describes it for screen readers. */
void qr_code_write(struct markup *, const char *text, const char *label);

#endif
