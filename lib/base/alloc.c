/* alloc.c: memory that is there or ends the program. */
#include "base/alloc.h"

#include "base/die.h"

static void *there(void *memory)
{
	if (!memory)
		die("out of memory");
	return memory;
}

void *xmalloc(size_t size)
{
	return there(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return there(calloc(count ? count : 1, size ? size : 1));
}

void *xrealloc(void *old, size_t size)
{
	return there(realloc(old, size ? size : 1));
}

char *xstrdup(const char *text)
{
	return there(strdup(text));
}

char *xmemdup0(const void *data, size_t n)
{
	if (n == SIZE_MAX)
		die("memory size overflow");
	char *copy = xmalloc(n + 1);
	if (n)
		memcpy(copy, data, n);
	copy[n] = '\0';
	return copy;
}

char *xprintf(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		die("out of memory");
	va_end(ap);
	return text;
}
