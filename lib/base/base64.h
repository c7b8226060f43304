/* base64.h: bytes as text (RFC 4648 4), on one line and with padding. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buffer.h"

/* Appends the text of n bytes. */
void base64_encode(struct buffer *, const void *data, size_t n);
/* Decodes n characters and appends the bytes. False, and nothing appended, unless
 * they are whole groups of four with the right padding. */
bool base64_decode(struct buffer *, const char *text, size_t n) MUST_USE;

#endif
