/* mask.c: personal values as they may stand in a list. */
#include "form/type.h"

#include "base/utf8.h"

#define MASK_HEAD 3
#define MASK_TAIL 4

void form_mask(const char *text, struct buffer *out)
{
	size_t length = utf8_length(text), at = 0;

	while (*text) {
		const char *from = text;
		bool shown;

		utf8_next(&text);
		shown = length > MASK_HEAD + MASK_TAIL &&
			(at < MASK_HEAD || at >= length - MASK_TAIL);
		if (shown)
			buffer_add(out, from, (size_t)(text - from));
		else
			buffer_putc(out, '*');
		at++;
	}
}

void form_mask_tail(const char *text, size_t keep, struct buffer *out)
{
	const char *at = text;

	while (*at && keep--)
		utf8_next(&at);
	buffer_add(out, text, (size_t)(at - text));
	if (*at)
		buffer_puts(out, "**");
}
