/* person.c: a person's name as the ID card has it. */
#include "check/check.h"

#include "base/unicode.h"
#include "base/utf8.h"

#define PERSON_MIN 2
#define DOT 0xb7

/* Han characters: the basic block, its extensions to J, compatibility forms, 〇. */
static const struct {
	uint32_t first, last;
} han[] = {
	{ 0x4e00, 0x9fff },   { 0x3400, 0x4dbf },   { 0x3007, 0x3007 },   { 0xf900, 0xfaff },
	{ 0x20000, 0x2a6df }, { 0x2a700, 0x2ee5d }, { 0x2f800, 0x2fa1f }, { 0x30000, 0x33479 },
};

static bool is_letter(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_SIZE(han); i++)
		if (c >= han[i].first && c <= han[i].last)
			return true;
	if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		return true;
	if (c >= 0x1e00 && c <= 0x1eff) /* Latin with two marks, as in Vietnamese */
		return true;
	return c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7; /* Latin with marks */
}

/* The middle dot, and what joins Latin names. */
static bool is_joint(uint32_t c)
{
	return c == DOT || c == ' ' || c == '-' || c == '.' || unicode_is_apostrophe(c);
}

/* One kind of dot, without blanks around it; letters and signs of one width. The
 * apostrophe stays the one that was typed. */
static void write_normal(const char *text, struct buffer *out)
{
	bool dot = false, blank = false;
	uint32_t c;

	while ((c = utf8_next(&text))) {
		if (unicode_is_middle_dot(c))
			c = DOT;
		else if (c > 0xff00 && c < 0xff5f)
			c -= 0xff00 - 0x20;
		if (blank && !dot && c != DOT)
			buffer_putc(out, ' ');
		blank = c == ' ';
		if (!blank) {
			utf8_put(out, c);
			dot = c == DOT;
		}
	}
	if (blank)
		buffer_putc(out, ' ');
}

static enum check_result check_normal(const char *text)
{
	bool letter = false;
	size_t n = 0;
	uint32_t c;

	for (; (c = utf8_next(&text)); n++) {
		/* a joint stands between two letters; "J. Smith" has two */
		if (!is_letter(c) && (!is_joint(c) || n == 0 || (!letter && c != ' ')))
			return CHECK_CHARACTER;
		letter = is_letter(c);
	}
	if (n < PERSON_MIN || n > PERSON_MAX)
		return CHECK_LENGTH;
	return letter ? CHECK_OK : CHECK_CHARACTER;
}

enum check_result check_person(const char *text, char out[PERSON_SIZE])
{
	struct buffer normal = BUFFER_INIT;
	enum check_result result;

	if (!*text)
		return CHECK_EMPTY;
	write_normal(text, &normal);
	result = check_normal(buffer_text(&normal));
	if (result == CHECK_OK)
		memcpy(out, buffer_text(&normal), normal.len + 1);
	buffer_wipe(&normal);
	return result;
}

void person_fold(const char *text, struct buffer *out)
{
	struct buffer folded = BUFFER_INIT;
	const char *at;
	uint32_t c;

	utf8_fold(text, &folded);
	at = buffer_text(&folded);
	while ((c = utf8_next(&at)))
		if (c != ' ')
			utf8_put(out, c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	buffer_wipe(&folded);
}
