/* unicode.h: the few properties of characters that this house asks for.
 *
 * From Unicode 15. Tables of our own rather than libutf8proc: every page reads
 * text, these are two kilobytes of it, and the library would be a third of a
 * megabyte more for each process to map. t/base/unicode.t holds them against
 * Perl's copy of the Unicode database, character by character. */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include "base/base.h"

/* Default_Ignorable_Code_Point: shown as nothing. */
bool unicode_is_ignorable(uint32_t c);
/* General category Zs. */
bool unicode_is_blank(uint32_t c);
/* Dash_Punctuation, and signs that are typed for one: U+2043 hyphen bullet, U+2212
 * minus, U+2500 box drawing. Not the wave dashes, which mean a range. */
bool unicode_is_dash(uint32_t c);
/* The dots that keyboards offer for U+00B7, itself included. */
bool unicode_is_middle_dot(uint32_t c);
/* The signs that keyboards offer for an apostrophe, itself included. */
bool unicode_is_apostrophe(uint32_t c);
/* For a radical (U+2F00..2FD5, U+2E9F, U+2EF3) the ideograph that is its
 * compatibility decomposition; any other character itself. */
uint32_t unicode_ideograph(uint32_t c);

#endif
