/* utf8.h: text from outside is UTF-8 or refused (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buffer.h"

/* Whether n bytes are well-formed: no overlong form, no surrogate, nothing
 * above U+10FFFF, no NUL. */
bool utf8_valid(const char *text, size_t n);
/* Whether valid text holds a control or format character that no typed line
 * has: C0 (but tab, CR and LF when `lines`), DEL, C1, U+2028/9, bidi controls,
 * U+FEFF, non-characters. */
bool utf8_has_control(const char *text, bool lines);
/* Characters, not bytes. */
size_t utf8_length(const char *text);
/* The next character of valid text; *text moves behind it. 0 at the end. */
uint32_t utf8_next(const char **text);
void utf8_put(struct buffer *, uint32_t c);
/* Copies valid text with full-width ASCII forms (U+FF01..FF5E) and the
 * ideographic space made half-width, runs of blanks made one, ends trimmed. */
void utf8_fold_width(const char *text, struct buffer *out);

#endif
