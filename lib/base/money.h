/* money.h: amounts. Money is whole fen in an int64_t everywhere; yuan with two
 * decimals are for people and for services that want text, and are made and
 * read here, by integers alone. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/buffer.h"

/* Appends "200.00"; a negative amount has its sign in front. */
void money_yuan(struct buffer *out, int64_t fen);
/* Appends "200.00 元". */
void money_text(struct buffer *out, int64_t fen);
/* Reads an amount as "200", "200.5" or "-3.07": at most ten digits before the point
 * and two behind it. False for any other text. */
bool money_read(const char *text, int64_t *fen) MUST_USE;

#endif
