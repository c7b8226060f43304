/* base64.c: bytes as text. */
#include "base/base64.h"

#include <openssl/evp.h>

#include "base/die.h"

#define DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

void base64_encode(struct buffer *out, const void *data, size_t n)
{
	if (n > INT32_MAX / 2)
		die("base64 of %zu bytes", n);
	out->len += (size_t)EVP_EncodeBlock((uint8_t *)buffer_room(out, (n + 2) / 3 * 4 + 1), data,
					    (int)n);
}

/* How many bytes n characters stand for; -1 when they are no Base64. The
 * decoder of OpenSSL takes blanks at both ends and counts padding as data. */
static ptrdiff_t size_of(const char *text, size_t n)
{
	size_t digits = 0;

	while (digits < n && text[digits] && strchr(DIGITS, text[digits]))
		digits++;
	if (n % 4 || n > INT32_MAX || n - digits > 2)
		return -1;
	for (size_t i = digits; i < n; i++)
		if (text[i] != '=')
			return -1;
	return (ptrdiff_t)(n / 4 * 3 - (n - digits));
}

bool base64_decode(struct buffer *out, const char *text, size_t n)
{
	ptrdiff_t size = size_of(text, n);
	char *room;

	if (size < 0)
		return false;
	room = buffer_room(out, n / 4 * 3 + 1);
	if (n && EVP_DecodeBlock((uint8_t *)room, (const uint8_t *)text, (int)n) < 0)
		die("base64 failed");
	out->len += (size_t)size;
	out->data[out->len] = '\0';
	return true;
}
