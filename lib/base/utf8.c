/* utf8.c: text from outside is UTF-8 or refused. */
#include "base/utf8.h"

#include <strings.h>

#include "base/unicode.h"

#define FULL_WIDTH_FIRST 0xff01 /* full-width ! */
#define FULL_WIDTH_LAST 0xff5e /* full-width ~ */
#define FULL_WIDTH_SHIFT (FULL_WIDTH_FIRST - '!')

/* Well-formed sequences, Unicode 15 table 3-7: bounds of the second byte. */
static const struct {
	uint8_t first, last, low, high;
	uint8_t length;
} shapes[] = {
	{ 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

/* Bytes of the character at `s`, of which n are there; 0 when malformed. */
static size_t sequence(const uint8_t *s, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(shapes); i++) {
		if (s[0] < shapes[i].first || s[0] > shapes[i].last)
			continue;
		if (shapes[i].length > n)
			return 0;
		for (size_t k = 1; k < shapes[i].length; k++) {
			uint8_t low = k == 1 ? shapes[i].low : 0x80;
			uint8_t high = k == 1 ? shapes[i].high : 0xbf;

			if (s[k] < low || s[k] > high)
				return 0;
		}
		return shapes[i].length;
	}
	return 0;
}

bool utf8_valid(const char *text, size_t n)
{
	const uint8_t *s = (const uint8_t *)text;

	while (n) {
		size_t length = sequence(s, n);

		if (!length)
			return false;
		s += length;
		n -= length;
	}
	return true;
}

uint32_t utf8_next(const char **text)
{
	const uint8_t *s = (const uint8_t *)*text;
	uint32_t c = *s;
	int more = 0;

	if (!c)
		return 0;
	s++;
	if (c >= 0xf0) {
		c &= 0x07;
		more = 3;
	} else if (c >= 0xe0) {
		c &= 0x0f;
		more = 2;
	} else if (c >= 0xc0) {
		c &= 0x1f;
		more = 1;
	}
	for (; more && *s; more--) /* never past the end, also of broken bytes */
		c = c << 6 | (*s++ & 0x3f);
	*text = (const char *)s;
	return c;
}

static bool is_control(uint32_t c, bool lines)
{
	if (lines && (c == '\t' || c == '\r' || c == '\n'))
		return false;
	if (c < ' ' || (c >= 0x7f && c <= 0x9f))
		return true;
	if (c == 0x061c || c == 0x200e || c == 0x200f) /* bidi marks */
		return true;
	if (c >= 0x2028 && c <= 0x202e) /* separators, bidi embeddings */
		return true;
	if ((c >= 0x2066 && c <= 0x2069) || c == 0xfeff)
		return true;
	return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

bool utf8_has_control(const char *text, bool lines)
{
	uint32_t c;

	while ((c = utf8_next(&text)))
		if (is_control(c, lines))
			return true;
	return false;
}

size_t utf8_length(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		if (((unsigned char)*text & 0xc0) != 0x80)
			n++;
	return n;
}

void utf8_put(struct buffer *b, uint32_t c)
{
	if (c < 0x80) {
		buffer_putc(b, (char)c);
	} else if (c < 0x800) {
		buffer_putc(b, (char)(0xc0 | c >> 6));
		buffer_putc(b, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buffer_putc(b, (char)(0xe0 | c >> 12));
		buffer_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buffer_putc(b, (char)(0x80 | (c & 0x3f)));
	} else {
		buffer_putc(b, (char)(0xf0 | c >> 18));
		buffer_putc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		buffer_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
		buffer_putc(b, (char)(0x80 | (c & 0x3f)));
	}
}

void utf8_tidy(const char *text, struct buffer *out)
{
	bool blank = false, any = false;
	uint32_t c;

	while ((c = utf8_next(&text))) {
		if (unicode_is_ignorable(c))
			continue;
		if (unicode_is_blank(c)) {
			blank = true;
			continue;
		}
		if (blank && any)
			buffer_putc(out, ' ');
		utf8_put(out, unicode_ideograph(c));
		blank = false;
		any = true;
	}
}

static uint32_t fold(uint32_t c)
{
	if (c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST)
		return c - FULL_WIDTH_SHIFT;
	if (unicode_is_dash(c))
		return '-';
	if (unicode_is_middle_dot(c))
		return 0xb7;
	return unicode_is_apostrophe(c) ? '\'' : c;
}

void utf8_fold(const char *text, struct buffer *out)
{
	struct buffer tidy = BUFFER_INIT;
	const char *at;
	uint32_t c;

	utf8_tidy(text, &tidy);
	for (at = buffer_text(&tidy); (c = utf8_next(&at));)
		utf8_put(out, fold(c));
	buffer_wipe(&tidy);
}

bool utf8_same(const char *a, const char *b)
{
	struct buffer x = BUFFER_INIT, y = BUFFER_INIT;
	bool same;

	utf8_fold(a, &x);
	utf8_fold(b, &y);
	same = strcasecmp(buffer_text(&x), buffer_text(&y)) == 0;
	buffer_wipe(&x);
	buffer_wipe(&y);
	return same;
}
