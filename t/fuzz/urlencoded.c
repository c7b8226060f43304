/* urlencoded.c: the parser of query strings and small forms. */
#include "page/request.h"

#include "base/url.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Parsed fields, encoded and parsed again, are the same. */
static void check_round_trip(const struct request_field *field, size_t count)
{
	struct request_field again[FIELD_COUNT_MAX];
	struct buffer text = BUFFER_INIT;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		url_encode(&text, field[i].name);
		buffer_putc(&text, '=');
		url_encode(&text, field[i].value);
		buffer_putc(&text, '&');
	}
	must(request_parse_urlencoded(buffer_text(&text), text.len, again, &n) == REQUEST_OK);
	must(n == count);
	for (size_t i = 0; i < n; i++) {
		must(!strcmp(again[i].name, field[i].name));
		must(!strcmp(again[i].value, field[i].value));
	}
	request_fields_release(again, n);
	buffer_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request_field field[FIELD_COUNT_MAX];
	size_t count = 0;
	enum request_result result;

	result = request_parse_urlencoded((const char *)data, size, field, &count);
	must(count <= FIELD_COUNT_MAX);
	for (size_t i = 0; i < count; i++) {
		must(strlen(field[i].name) <= FIELD_NAME_MAX);
		must(strlen(field[i].value) <= FIELD_VALUE_MAX);
		must(utf8_valid(field[i].name, strlen(field[i].name)));
		must(utf8_valid(field[i].value, strlen(field[i].value)));
		must(!field[i].broken || field[i].value[0] == '\0');
	}
	if (result == REQUEST_OK)
		check_round_trip(field, count);
	request_fields_release(field, count);
	return 0;
}
