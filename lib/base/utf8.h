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
/* Appends valid text as a name or a title is kept: as it was typed, without
 * invisible differences. Default-ignorable characters are left out, runs of blanks
 * of any width become one, ends are trimmed, and Kangxi radicals, which PDF files
 * contain and which look the same, become the ideographs that they stand for. */
void utf8_tidy(const char *text, struct buffer *out);
/* Appends it as numbers are read and names compared: tidied, full-width ASCII
 * (U+FF01..FF5E) made half-width, every dash -, every middle dot U+00B7, every
 * apostrophe '. */
void utf8_fold(const char *text, struct buffer *out);
/* Whether two texts look the same to a reader: folded, and without regard to the
 * case of ASCII letters. */
bool utf8_same(const char *a, const char *b);

#endif
