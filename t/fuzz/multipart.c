/* multipart.c: the multipart parser, whole and in pieces, must agree. */
#include "page/request.h"

#include <unistd.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static enum request_result parse(struct request *r, const char *body, size_t n, size_t piece)
{
	struct multipart *m = multipart_new("b", r);
	enum request_result result;

	while (n > 0) {
		size_t now = n < piece ? n : piece;

		if (multipart_feed(m, body, now) != REQUEST_OK)
			break;
		body += now;
		n -= now;
	}
	result = multipart_end(m);
	multipart_free(m);
	return result;
}

static void check_file(const struct request_file *f)
{
	must(utf8_valid(f->name, strlen(f->name)) && strlen(f->name) <= FIELD_NAME_MAX);
	must(utf8_valid(f->file_name, strlen(f->file_name)));
	must(f->too_large ? f->size == 0 : f->size <= SCAN_FILE_MAX);
	must(lseek(f->fd, 0, SEEK_END) == (off_t)f->size);
}

static void check_same(const struct request *a, const struct request *b)
{
	must(a->field_count == b->field_count && a->file_count == b->file_count);
	for (size_t i = 0; i < a->field_count; i++) {
		must(!strcmp(a->field[i].name, b->field[i].name));
		must(!strcmp(a->field[i].value, b->field[i].value));
		must(a->field[i].broken == b->field[i].broken);
		must(utf8_valid(a->field[i].value, strlen(a->field[i].value)));
		must(strlen(a->field[i].value) <= FIELD_VALUE_MAX);
	}
	for (size_t i = 0; i < a->file_count; i++) {
		must(!strcmp(a->file[i].name, b->file[i].name));
		must(a->file[i].size == b->file[i].size);
		check_file(&a->file[i]);
	}
}

/* The first byte is the size of the pieces, the rest the body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request *whole, *pieces;

	if (size == 0)
		return 0;
	whole = request_new();
	pieces = request_new();
	must(parse(whole, (const char *)data + 1, size - 1, size) ==
	     parse(pieces, (const char *)data + 1, size - 1, (size_t)data[0] % 32 + 1));
	check_same(whole, pieces);
	request_free(whole);
	request_free(pieces);
	return 0;
}
