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
	while (isdigit((unsigned char)**at))
		*value = *value * 10 + (size_t)(*(*at)++ - '0');
	return *at > begin && *at - begin <= DIGITS_MAX;
}

enum range_kind range_read(const char *header, size_t n, size_t *first, size_t *count)
{
	size_t last = n - 1;
	const char *at;

	*first = 0;
	*count = n;
	if (!header || !n || strncmp(header, UNIT, strlen(UNIT)) || strlen(header) > 64)
		return RANGE_WHOLE;
	at = header + strlen(UNIT);
	if (*at == '-') { /* the last so many */
		size_t tail;

		at++;
		if (!read_number(&at, &tail) || *at)
			return RANGE_WHOLE;
		*count = tail < n ? tail : n;
		*first = n - *count;
		return tail ? RANGE_PART : RANGE_OUTSIDE;
	}
	if (!read_number(&at, first) || *at++ != '-' ||
	    (*at && (!read_number(&at, &last) || *at || last < *first))) {
		*first = 0;
		return RANGE_WHOLE;
	}
	if (*first >= n)
		return RANGE_OUTSIDE;
	*count = (last < n ? last : n - 1) - *first + 1;
	return RANGE_PART;
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
