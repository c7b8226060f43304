/* phone.c: mainland mobile and landline numbers as people type them. */
#include "check/check.h"

#include <ctype.h>

#define DIGITS_MAX 20
#define EXTENSION_MAX 6
#define SERVICE_LEN 10 /* 400 and 800 numbers */
#define TURN "\xe8\xbd\xac" /* 转, "extension" */

/* A typed number: its digits and where the last separator stood among them. */
struct digits {
	char digit[DIGITS_MAX + 1];
	size_t count, last_break;
	bool abroad; /* +86 or 0086 stood before it */
};

#define COUNTRY "86"

static const char *without_country(const char *text)
{
	if (strncmp(text, "+86", 3) == 0)
		return text + 3;
	if (strncmp(text, "0086", 4) == 0)
		return text + 4;
	return text;
}

/* `breaks`: one-byte characters that may stand between digits. */
static enum check_result read_digits(const char *text, const char *breaks, bool turn,
				     struct digits *d)
{
	*d = (struct digits){ .count = 0 };
	text += strspn(text, breaks);
	d->abroad = without_country(text) != text;
	text = without_country(text);
	while (*text) {
		if (isdigit((unsigned char)*text)) {
			if (d->count == DIGITS_MAX)
				return CHECK_LENGTH;
			d->digit[d->count++] = *text++;
			continue;
		}
		if (turn && strncmp(text, TURN, strlen(TURN)) == 0)
			text += strlen(TURN);
		else if (strchr(breaks, *text))
			text++;
		else
			return CHECK_CHARACTER;
		if (isdigit((unsigned char)*text))
			d->last_break = d->count;
	}
	return d->count ? CHECK_OK : CHECK_EMPTY;
}

enum check_result check_mobile(const char *text, char out[MOBILE_LEN + 1])
{
	struct digits d;
	enum check_result result = read_digits(text, " -()", false, &d);
	size_t country = strlen(COUNTRY);

	if (result != CHECK_OK)
		return result;
	/* what autofill gives, which leaves the + out */
	if (d.count == MOBILE_LEN + country && !strncmp(d.digit, COUNTRY, country)) {
		memmove(d.digit, d.digit + country, MOBILE_LEN + 1);
		d.count -= country;
	}
	if (d.count != MOBILE_LEN)
		return CHECK_LENGTH;
	if (d.digit[0] != '1' || d.digit[1] < '3')
		return CHECK_CHARACTER;
	memcpy(out, d.digit, MOBILE_LEN + 1);
	return CHECK_OK;
}

static bool is_service(const struct digits *d)
{
	return strncmp(d->digit, "400", 3) == 0 || strncmp(d->digit, "800", 3) == 0;
}

/* 区号: three digits for 010 and 02x, four for the others. */
static size_t area_len(const struct digits *d)
{
	return d->digit[1] == '1' || d->digit[1] == '2' ? 3 : 4;
}

static bool is_subscriber_len(size_t n)
{
	return n == 7 || n == 8;
}

/* 0797-8123456-801 */
static enum check_result write_landline(const struct digits *d, char *out)
{
	size_t area = area_len(d), number, extension = 0;

	if (d->count <= area)
		return CHECK_LENGTH;
	number = d->count - area;
	if (d->last_break > area && is_subscriber_len(d->last_break - area)) {
		number = d->last_break - area;
		extension = d->count - d->last_break;
	}
	if (!is_subscriber_len(number) || extension > EXTENSION_MAX)
		return CHECK_LENGTH;
	if (d->digit[area] < '2') /* 0 and 1 lead elsewhere */
		return CHECK_CHARACTER;
	snprintf(out, LANDLINE_MAX + 1, "%.*s-%.*s%s%s", (int)area, d->digit, (int)number,
		 d->digit + area, extension ? "-" : "", d->digit + area + number);
	return CHECK_OK;
}

enum check_result check_landline(const char *text, char out[LANDLINE_MAX + 1])
{
	struct digits d;
	enum check_result result = read_digits(text, " -()", true, &d);

	if (result != CHECK_OK)
		return result;
	if (is_service(&d)) {
		if (d.count != SERVICE_LEN)
			return CHECK_LENGTH;
		snprintf(out, LANDLINE_MAX + 1, "%.3s-%.3s-%.4s", d.digit, d.digit + 3,
			 d.digit + 6);
		return CHECK_OK;
	}
	if (d.abroad && d.digit[0] != '0') {
		/* +86 797 8123456: the area code without its 0 */
		if (d.count == DIGITS_MAX)
			return CHECK_LENGTH;
		memmove(d.digit + 1, d.digit, d.count + 1);
		d.digit[0] = '0';
		d.count++;
		d.last_break++;
	}
	if (d.digit[0] != '0' || d.digit[1] == '0')
		return is_subscriber_len(d.count) ? CHECK_LENGTH : CHECK_CHARACTER;
	return write_landline(&d, out);
}
