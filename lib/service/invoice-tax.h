/* invoice-tax.h: the tax in a price, to the fen, without fractions.
 *
 * With r percent, tax = round(total * r / (100 + r)), half a fen up, and net is
 * the rest, line by line; so net and tax of several lines sum exactly to those
 * of the whole invoice. */
#ifndef SERVICE_INVOICE_TAX_H
#define SERVICE_INVOICE_TAX_H

#include "base/buffer.h"

#define INVOICE_PERCENT_MAX 17

struct invoice_amount {
	int64_t total_fen, net_fen, tax_fen; /* total = net + tax */
};

/* Splits a total from 0 to INVOICE_TOTAL_MAX_FEN at 0 to INVOICE_PERCENT_MAX
 * percent; anything else is a die(). */
struct invoice_amount invoice_split(int64_t total_fen, int percent);
/* Adds one to the other. */
void invoice_sum(struct invoice_amount *sum, const struct invoice_amount *);
/* Appends "188.68"; "-0.05" for -5. */
void invoice_yuan(struct buffer *, int64_t fen);
/* Reads "188.68", "188.6", "188" or "-0.05"; false for anything else, above all
 * for a third decimal that is not 0. */
bool invoice_fen(const char *yuan, int64_t *fen) MUST_USE;

#endif
