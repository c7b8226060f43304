/* buffer.c: bytes that grow. */
#include "base/buffer.h"

#include "base/alloc.h"
#include "base/die.h"

#define BUFFER_FIRST 256

void buffer_init(struct buffer *b)
{
	*b = (struct buffer)BUFFER_INIT;
}

void buffer_release(struct buffer *b)
{
	free(b->data);
	buffer_init(b);
}

void buffer_wipe(struct buffer *b)
{
	if (b->data)
		explicit_bzero(b->data, b->cap);
	buffer_release(b);
}

void buffer_reset(struct buffer *b)
{
	b->len = 0;
	if (b->data)
		b->data[0] = '\0';
}

char *buffer_room(struct buffer *b, size_t n)
{
	if (n > SIZE_MAX / 4 || b->len > SIZE_MAX / 4)
		die("buffer too large");
	if (b->len + n + 1 > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : BUFFER_FIRST;

		while (cap < b->len + n + 1)
			cap *= 2;
		b->data = xrealloc(b->data, cap);
		b->cap = cap;
	}
	return b->data + b->len;
}

void buffer_add(struct buffer *b, const void *data, size_t n)
{
	char *room = buffer_room(b, n);

	if (n)
		memcpy(room, data, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void buffer_puts(struct buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

void buffer_putc(struct buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

void buffer_vprintf(struct buffer *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		die("vsnprintf failed");
	char *room = buffer_room(b, (size_t)n);
	vsnprintf(room, (size_t)n + 1, fmt, ap);
	b->len += (size_t)n;
}

void buffer_printf(struct buffer *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buffer_vprintf(b, fmt, ap);
	va_end(ap);
}

const char *buffer_text(const struct buffer *b)
{
	return b->data ? b->data : "";
}

char *buffer_detach(struct buffer *b)
{
	char *text = b->data ? b->data : xstrdup("");

	buffer_init(b);
	return text;
}
