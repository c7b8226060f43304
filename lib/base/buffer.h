/* buffer.h: bytes that grow.
 *
 * `data` is NULL while nothing was added; afterwards it always ends in a NUL
 * that `len` does not count, so a buffer of text can be used as a string. */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/base.h"

struct buffer {
	char *data;
	size_t len;
	size_t cap;
};

#define BUFFER_INIT        \
	{                  \
		NULL, 0, 0 \
	}

void buffer_init(struct buffer *);
/* Frees the contents and leaves the buffer ready for use. */
void buffer_release(struct buffer *);
/* As buffer_release, for secrets: the bytes are wiped first. */
void buffer_wipe(struct buffer *);
/* Forgets the contents and keeps the memory. */
void buffer_reset(struct buffer *);
void buffer_add(struct buffer *, const void *data, size_t n);
void buffer_puts(struct buffer *, const char *text);
void buffer_putc(struct buffer *, char c);
void buffer_printf(struct buffer *, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buffer_vprintf(struct buffer *, const char *fmt, va_list) PRINTF_LIKE(2, 0);
/* Room for n more bytes; the caller writes them at data + len and adds n to len. */
char *buffer_room(struct buffer *, size_t n);
/* The text, never NULL; owned by the buffer. */
const char *buffer_text(const struct buffer *);
/* The text for the caller to free(); the buffer is empty afterwards. */
char *buffer_detach(struct buffer *);

#endif
