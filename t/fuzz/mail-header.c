/* mail-header.c: the writer of a mail's head. The input, cut at its first two
 * NULs, is a name shown, an address and a file name. */
#include "service/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* One header: lines of ASCII that go on with a blank, none longer than allowed
 * but for one unbroken address, and no line begins another header. */
static void check(const struct buffer *out, bool good, size_t line_max)
{
	size_t column = 0;

	must(good || out->len == 0);
	for (size_t i = 0; i < out->len; i++) {
		unsigned char c = (unsigned char)out->data[i];

		if (c == '\r') {
			must(i + 2 < out->len && out->data[i + 1] == '\n' &&
			     out->data[i + 2] == ' ');
			column = 0;
			i++;
			continue;
		}
		must(c >= 0x20 && c < 0x7f);
		must(++column <= line_max);
	}
}

static const char *next_piece(const char **at, const char *end)
{
	const char *piece = *at;

	*at += strlen(piece);
	if (*at < end)
		++*at;
	return piece;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer in = BUFFER_INIT, one = BUFFER_INIT, two = BUFFER_INIT;
	const char *at, *end, *words, *address, *file;

	buffer_add(&in, data, size);
	at = buffer_text(&in);
	end = at + size;
	words = next_piece(&at, end);
	address = next_piece(&at, end);
	file = next_piece(&at, end);

	check(&one, mail_header(&one, "Subject", words), MAIL_LINE_MAX);
	buffer_reset(&one);
	check(&one, mail_header_address(&one, "From", words, address), MAIL_LINE_MAX + 254);
	buffer_reset(&one);
	if (mail_header_file(&one, &two, "application/pdf", file))
		must(one.len && two.len);
	check(&one, one.len > 0, MAIL_LINE_MAX);
	check(&two, two.len > 0, MAIL_LINE_MAX);
	buffer_release(&in);
	buffer_release(&one);
	buffer_release(&two);
	return 0;
}
