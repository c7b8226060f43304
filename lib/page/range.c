/* range.c: a piece of an answer. */
#include "page/range.h"

#include <ctype.h>

#define UNIT "bytes="
#define DIGITS_MAX 15 /* more than any length has */

/* Digits at the cursor, which moves behind them; false for none or too many. */
static bool read_number(const char **at, size_t *value)
{
	const char *begin = *at;

	*value = 0;
	while (isdigit((unsigned char)**at) && *at - begin < DIGITS_MAX)
		*value = *value * 10 + (size_t)(*(*at)++ - '0');
	return *at > begin && !isdigit((unsigned char)**at);
}

/* "-500": the last so many. */
static enum range_kind read_tail(const char *at, size_t n, size_t *first, size_t *count)
{
	size_t tail;

	if (!read_number(&at, &tail) || *at)
		return RANGE_WHOLE;
	*count = tail < n ? tail : n;
	*first = n - *count;
	return tail ? RANGE_PART : RANGE_OUTSIDE;
}

/* "100-199" or "100-". */
static enum range_kind read_span(const char *at, size_t n, size_t *first, size_t *count)
{
	size_t from, last = n - 1;

	if (!read_number(&at, &from) || *at++ != '-')
		return RANGE_WHOLE;
	if (*at && (!read_number(&at, &last) || *at || last < from))
		return RANGE_WHOLE;
	if (from >= n)
		return RANGE_OUTSIDE;
	*first = from;
	*count = (last < n ? last : n - 1) - from + 1;
	return RANGE_PART;
}

enum range_kind range_read(const char *header, size_t n, size_t *first, size_t *count)
{
	const char *at;

	*first = 0;
	*count = n;
	if (!header || !n || strncmp(header, UNIT, strlen(UNIT)) != 0)
		return RANGE_WHOLE;
	at = header + strlen(UNIT);
	return *at == '-' ? read_tail(at + 1, n, first, count) : read_span(at, n, first, count);
}

void range_cut(struct reply *r, const char *header)
{
	size_t n = r->body.len, first, count;
	char text[80];

	reply_header(r, "Accept-Ranges", "bytes");
	switch (range_read(header, n, &first, &count)) {
	case RANGE_WHOLE:
		return;
	case RANGE_OUTSIDE:
		r->status = 416;
		snprintf(text, sizeof(text), "bytes */%zu", n);
		buffer_reset(&r->body);
		break;
	case RANGE_PART:
		r->status = 206;
		snprintf(text, sizeof(text), "bytes %zu-%zu/%zu", first, first + count - 1, n);
		memmove(r->body.data, r->body.data + first, count);
		r->body.len = count;
		r->body.data[count] = '\0';
		break;
	}
	reply_header(r, "Content-Range", text);
}
