/* urlencoded.c: fields and their urlencoded form (WHATWG URL Standard 5.1). */
#include "page/request.h"

#include "base/alloc.h"
#include "base/digest.h"
#include "base/utf8.h"

void request_fields_release(struct request_field *field, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(field[i].name);
		if (field[i].value)
			explicit_bzero(field[i].value, strlen(field[i].value));
		free(field[i].value);
	}
}

/* The longest start of `value` that fits and ends with a whole character. */
static size_t cut(const char *value, size_t len)
{
	if (len <= FIELD_VALUE_MAX)
		return len;
	len = FIELD_VALUE_MAX;
	for (int back = 0; back < 3 && ((unsigned char)value[len] & 0xc0) == 0x80; back++)
		len--;
	return len;
}

enum request_result request_field_add(struct request_field *field, size_t *count, const char *name,
				      size_t name_len, const char *value, size_t value_len)
{
	struct request_field *f = &field[*count];

	if (*count == FIELD_COUNT_MAX)
		return REQUEST_TOO_MANY;
	if (name_len > FIELD_NAME_MAX)
		return REQUEST_BAD_SYNTAX;
	if (!utf8_valid(name, name_len))
		return REQUEST_BAD_TEXT;
	value_len = cut(value, value_len);
	f->broken = !utf8_valid(value, value_len);
	f->name = xmemdup0(name, name_len);
	f->value = xmemdup0(value, f->broken ? 0 : value_len);
	(*count)++;
	return REQUEST_OK;
}

/* Decodes n bytes into out, which has room for n; gives the decoded length. A
 * percent sign without two digits stands for itself, as the standard says. */
static size_t decode(const char *text, size_t n, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		int high = -1, low = -1;

		if (text[i] == '%' && n - i > 2) {
			high = hex_digit(text[i + 1]);
			low = hex_digit(text[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			out[len++] = (char)(high << 4 | low);
			i += 2;
		} else {
			out[len++] = text[i] == '+' ? ' ' : text[i];
		}
	}
	return len;
}

enum request_result request_parse_urlencoded(const char *text, size_t n,
					     struct request_field *field, size_t *count)
{
	enum request_result result = REQUEST_OK;
	const char *end = text + n;
	char *plain = xmalloc(n + 1);

	while (result == REQUEST_OK && text < end) {
		const char *amp = memchr(text, '&', (size_t)(end - text));
		const char *stop = amp ? amp : end;
		const char *equals = memchr(text, '=', (size_t)(stop - text));
		const char *name_end = equals ? equals : stop;
		const char *value = equals ? equals + 1 : stop;
		size_t name_len, value_len;

		if (stop > text) {
			name_len = decode(text, (size_t)(name_end - text), plain);
			value_len = decode(value, (size_t)(stop - value), plain + name_len);
			result = request_field_add(field, count, plain, name_len, plain + name_len,
						   value_len);
		}
		text = amp ? amp + 1 : end;
	}
	explicit_bzero(plain, n + 1);
	free(plain);
	return result;
}
