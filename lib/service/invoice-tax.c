/* invoice-tax.c: the tax in a price, in whole fen. */
#include "service/invoice-tax.h"

#include <inttypes.h>

#include "base/die.h"
#include "service/invoice.h"

#define YUAN_DIGITS_MAX 12

struct invoice_amount invoice_split(int64_t total_fen, int percent)
{
	struct invoice_amount amount = { .total_fen = total_fen };

	if (total_fen < 0 || total_fen > INVOICE_TOTAL_MAX_FEN || percent < 0 ||
	    percent > INVOICE_PERCENT_MAX)
		die("no tax of %d percent in %" PRId64 " fen", percent, total_fen);
	amount.tax_fen = (total_fen * percent + (100 + percent) / 2) / (100 + percent);
	amount.net_fen = total_fen - amount.tax_fen;
	return amount;
}

void invoice_sum(struct invoice_amount *sum, const struct invoice_amount *more)
{
	sum->total_fen += more->total_fen;
	sum->net_fen += more->net_fen;
	sum->tax_fen += more->tax_fen;
}

void invoice_yuan(struct buffer *out, int64_t fen)
{
	uint64_t all = fen < 0 ? -(uint64_t)fen : (uint64_t)fen;

	buffer_printf(out, "%s%" PRIu64 ".%02" PRIu64, fen < 0 ? "-" : "", all / 100, all % 100);
}

bool invoice_fen(const char *yuan, int64_t *fen)
{
	const char *text = yuan + (*yuan == '-');
	size_t whole = strspn(text, "0123456789"), part = 0;
	const char *point = text + whole;
	int64_t value = 0;

	if (*point == '.')
		part = strspn(point + 1, "0123456789");
	if (!whole || whole > YUAN_DIGITS_MAX || (*point == '.' && !part) ||
	    point[(*point == '.') + part])
		return false;
	for (size_t i = 0; i < whole; i++)
		value = 10 * value + text[i] - '0';
	for (size_t i = 1; i <= 2; i++)
		value = 10 * value + (i <= part ? point[i] - '0' : 0);
	for (size_t i = 3; i <= part; i++)
		if (point[i] != '0')
			return false;
	*fen = *yuan == '-' ? -value : value;
	return true;
}
