/* code.h: the QR code of a printed form, by libzbar.
 *
 * Runs behind the seal, like the decoder: the code is untrusted input. */
#ifndef NORMALISE_CODE_H
#define NORMALISE_CODE_H

#include "base/ceilings.h"

#include "small.h"

/* Sorts something, because the C library asks how much memory there is when it
 * first does, which cannot be asked later. */
void code_warm_up(void);
/* The text of a code of ours, "" for none. The half size is tried first, which
 * is enough for a sheet that fills the picture, then the whole, then twice
 * that, which helps where the picture is blurred. */
void code_find(const struct small *half, const struct small *whole, char out[SCAN_CODE_MAX + 1]);

#endif
