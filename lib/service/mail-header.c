/* mail-header.c: what may stand in the head of a mail, and how it is written. */
#include "service/mail.h"

#include <openssl/evp.h>

#include "base/utf8.h"

#define WORD_OPEN "=?UTF-8?B?"
#define WORD_CLOSE "?="
#define WORD_MAX 75 /* RFC 2047 2 */
#define NAME_MAX_LEN 40 /* of a header */
#define ADDRESS_MAX 254 /* RFC 5321 4.5.3.1 */
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define ATEXT LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~"

/* Text that is fit for a header line once it is encoded. */
static bool is_clean(const char *value)
{
	size_t n = strlen(value);

	return n <= MAIL_HEADER_MAX && utf8_valid(value, n) && !utf8_has_control(value, false);
}

static bool is_ascii(const char *value)
{
	for (; *value; value++)
		if ((unsigned char)*value >= 0x80)
			return false;
	return true;
}

static bool is_name(const char *name)
{
	size_t n = strspn(name, LETTERS DIGITS "-");

	return n > 0 && n <= NAME_MAX_LEN && !name[n];
}

/* Bytes of whole characters at the start of text, at most max. */
static size_t whole_characters(const char *text, size_t max)
{
	const char *at = text, *next = text;

	while (*at) {
		utf8_next(&next);
		if ((size_t)(next - text) > max)
			break;
		at = next;
	}
	return (size_t)(at - text);
}

static void encoded_word(struct buffer *out, const char *text, size_t n)
{
	char *room;

	buffer_puts(out, WORD_OPEN);
	room = buffer_room(out, (n + 2) / 3 * 4 + 1);
	out->len += (size_t)EVP_EncodeBlock((unsigned char *)room, (const unsigned char *)text,
					    (int)n);
	buffer_puts(out, WORD_CLOSE);
}

/* Encoded words, one a line, the first where `column` is; gives the column. */
static size_t encoded_words(struct buffer *out, const char *text, size_t column)
{
	const size_t frame = strlen(WORD_OPEN WORD_CLOSE);
	size_t room, n, start;

	do {
		room = MAIL_LINE_MAX - column < WORD_MAX ? MAIL_LINE_MAX - column : WORD_MAX;
		n = room < frame + 8 ? 0 : whole_characters(text, (room - frame) / 4 * 3);
		start = out->len;
		if (n)
			encoded_word(out, text, n);
		column += out->len - start;
		text += n;
		if (*text) {
			buffer_puts(out, "\r\n ");
			column = 1;
		}
	} while (*text);
	return column;
}

/* Whether ASCII text can be written as it is, folded at its blanks: no word
 * is too long, none looks encoded, no blanks are doubled or at an end. */
static bool stands_as_it_is(const char *value)
{
	if (!is_ascii(value) || strstr(value, "=?") || strstr(value, "  ") || *value == ' ')
		return false;
	for (size_t n; *value; value += n) {
		value += *value == ' ';
		n = strcspn(value, " ");
		if (n == 0 || n > MAIL_LINE_MAX - NAME_MAX_LEN - 2)
			return false;
	}
	return true;
}

static void folded(struct buffer *out, const char *value, size_t column)
{
	for (size_t n; *value; value += n) {
		bool blank = *value == ' ';

		value += blank;
		n = strcspn(value, " ");
		if (column + blank + n > MAIL_LINE_MAX) {
			buffer_puts(out, "\r\n ");
			column = 1;
		} else if (blank) {
			buffer_putc(out, ' ');
			column++;
		}
		buffer_add(out, value, n);
		column += n;
	}
}

bool mail_header(struct buffer *out, const char *name, const char *value)
{
	size_t column = strlen(name) + 2;

	if (!is_name(name) || !is_clean(value))
		return false;
	buffer_printf(out, "%s: ", name);
	if (stands_as_it_is(value))
		folded(out, value, column);
	else
		encoded_words(out, value, column);
	return true;
}

bool mail_is_address(const char *text)
{
	size_t n = strspn(text, ATEXT "."), m;
	const char *domain = text + n + 1;

	if (n == 0 || n > 64 || text[n] != '@' || strlen(text) > ADDRESS_MAX)
		return false;
	if (*text == '.' || text[n - 1] == '.' || strstr(text, ".."))
		return false;
	m = strspn(domain, LETTERS DIGITS "-.");
	return m > 0 && !domain[m] && strchr(domain, '.') && domain[0] != '.' && domain[0] != '-' &&
	       domain[m - 1] != '.' && domain[m - 1] != '-';
}

/* A display name of ASCII, as a quoted string (RFC 5322 3.2.4). */
static void quoted(struct buffer *out, const char *text)
{
	buffer_putc(out, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buffer_putc(out, '\\');
		buffer_putc(out, *text);
	}
	buffer_putc(out, '"');
}

bool mail_header_address(struct buffer *out, const char *name, const char *display,
			 const char *address)
{
	size_t column = strlen(name) + 2;

	if (!is_name(name) || !is_clean(display) || !mail_is_address(address))
		return false;
	buffer_printf(out, "%s: ", name);
	if (!*display) {
		buffer_puts(out, address);
		return true;
	}
	if (stands_as_it_is(display) && strlen(display) < MAIL_LINE_MAX / 2) {
		size_t start = out->len;

		quoted(out, display);
		column += out->len - start;
	} else {
		column = encoded_words(out, display, column);
	}
	buffer_puts(out, column + strlen(address) + 3 > MAIL_LINE_MAX ? "\r\n <" : " <");
	buffer_puts(out, address);
	buffer_putc(out, '>');
	return true;
}

static bool is_media_type(const char *type)
{
	size_t n = strspn(type, LETTERS DIGITS "-.+"), m;

	m = type[n] == '/' ? strspn(type + n + 1, LETTERS DIGITS "-.+") : 0;
	return n > 0 && n <= 64 && m > 0 && m <= 64 && !type[n + 1 + m];
}

static bool is_file_name(const char *name)
{
	return *name && is_clean(name) && strlen(name) <= 255 && !strpbrk(name, "/\\");
}

/* A file name that needs no encoding (RFC 2045 5.1: quoted, no specials). */
static bool is_plain_file_name(const char *name)
{
	return strlen(name) <= 40 && strspn(name, LETTERS DIGITS "-._ ") == strlen(name);
}

/* One character of a name in RFC 2231 form: as it is, or each byte as %XX. */
static void extended(struct buffer *out, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strchr(LETTERS DIGITS "-._", from[i]))
			buffer_putc(out, from[i]);
		else
			buffer_printf(out, "%%%02X", (unsigned char)from[i]);
	}
}

/* filename*0*=UTF-8''…; filename*1*=…, whole characters a piece. */
static void extended_name(struct buffer *out, const char *name)
{
	struct buffer piece = BUFFER_INIT, one = BUFFER_INIT;
	const char *at = name, *next = name;
	int count = 0;

	buffer_puts(&piece, "UTF-8''");
	while (*at) {
		utf8_next(&next);
		buffer_reset(&one);
		extended(&one, at, (size_t)(next - at));
		if (piece.len + one.len > MAIL_LINE_MAX - strlen(" filename*99*=;")) {
			buffer_printf(out, ";\r\n filename*%d*=%s", count++, piece.data);
			buffer_reset(&piece);
		}
		buffer_add(&piece, one.data, one.len);
		at = next;
	}
	if (count)
		buffer_printf(out, ";\r\n filename*%d*=%s", count, buffer_text(&piece));
	else
		buffer_printf(out, ";\r\n filename*=%s", buffer_text(&piece));
	buffer_release(&piece);
	buffer_release(&one);
}

bool mail_header_file(struct buffer *type_out, struct buffer *disposition_out, const char *type,
		      const char *file_name)
{
	static const char name_is[] = " name=\"";

	if (!is_media_type(type) || !is_file_name(file_name))
		return false;
	buffer_printf(type_out, "Content-Type: %s;\r\n%s", type, name_is);
	buffer_puts(disposition_out, "Content-Disposition: attachment");
	if (is_plain_file_name(file_name)) {
		buffer_puts(type_out, file_name);
		buffer_printf(disposition_out, ";\r\n filename=\"%s\"", file_name);
	} else {
		/* the closing quote must find room on the last line */
		encoded_words(type_out, file_name, strlen(name_is) + 1);
		extended_name(disposition_out, file_name);
	}
	buffer_putc(type_out, '"');
	return true;
}

void mail_date(struct buffer *out, time_t at)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t china = at + 8 * 3600;
	struct tm t;

	gmtime_r(&china, &t);
	buffer_printf(out, "%s, %d %s %d %02d:%02d:%02d +0800", days[t.tm_wday], t.tm_mday,
		      months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}
