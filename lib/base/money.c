/* money.c: fen to yuan and back. */
#include "base/money.h"

#include <inttypes.h>

#define YUAN_DIGITS_MAX 10

void money_yuan(struct buffer *out, int64_t fen)
{
	uint64_t amount = fen < 0 ? -(uint64_t)fen : (uint64_t)fen;

	buffer_printf(out, "%s%" PRIu64 ".%02u", fen < 0 ? "-" : "", amount / 100,
		      (unsigned)(amount % 100));
}

void money_text(struct buffer *out, int64_t fen)
{
	money_yuan(out, fen);
	buffer_puts(out, " 元");
}

static int64_t digits(const char *text, size_t n)
{
	int64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = value * 10 + (text[i] - '0');
	return value;
}

bool money_read(const char *text, int64_t *fen)
{
	const char *at = text + (*text == '-');
	size_t yuan = strspn(at, "0123456789"), cents = 0;
	const char *point = at + yuan;

	if (!yuan || yuan > YUAN_DIGITS_MAX)
		return false;
	if (*point == '.') {
		cents = strspn(point + 1, "0123456789");
		if (cents < 1 || cents > 2)
			return false;
		point += 1 + cents;
	}
	if (*point)
		return false;
	*fen = digits(at, yuan) * 100;
	if (cents)
		*fen += digits(at + yuan + 1, cents) * (cents == 1 ? 10 : 1);
	if (*text == '-')
		*fen = -*fen;
	return true;
}
