/* person.c: a person's name as the ID card has it. */
#include "check/check.h"

#include "base/utf8.h"

#define PERSON_MIN 2
#define PERSON_MAX 50

/* Han characters: the basic block, its extensions, compatibility forms, 〇. */
static const struct {
	uint32_t first, last;
} han[] = {
	{ 0x4e00, 0x9fff },   { 0x3400, 0x4dbf },   { 0x3007, 0x3007 },   { 0xf900, 0xfaff },
	{ 0x20000, 0x2a6df }, { 0x2a700, 0x2ebef }, { 0x2f800, 0x2fa1f }, { 0x30000, 0x323af },
};

static bool is_letter(uint32_t c)
{
	for (size_t i = 0; i < ARRAY_SIZE(han); i++)
		if (c >= han[i].first && c <= han[i].last)
			return true;
	if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		return true;
	return c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7; /* Latin with marks */
}

/* Middle dots of the different keyboards, and what joins Latin names. */
static bool is_dot(uint32_t c)
{
	return c == 0xb7 || c == 0x2022 || c == 0x2027 || c == 0x30fb;
}

static bool is_joint(uint32_t c)
{
	return is_dot(c) || c == ' ' || c == '-' || c == '\'' || c == '.';
}

enum check_result check_person(const char *text)
{
	bool letter = false;
	size_t n = 0;
	uint32_t c;

	if (!*text)
		return CHECK_EMPTY;
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

void person_fold(const char *text, struct buffer *out)
{
	struct buffer narrow = BUFFER_INIT;
	const char *at;
	uint32_t c;

	utf8_fold_width(text, &narrow);
	at = buffer_text(&narrow);
	while ((c = utf8_next(&at)))
		if (is_dot(c))
			utf8_put(out, 0xb7);
		else if (c != ' ')
			utf8_put(out, c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	buffer_wipe(&narrow);
}
