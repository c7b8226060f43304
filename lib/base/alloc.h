/* alloc.h: memory that is there or ends the program.
 *
 * A program of this house lives for one request: running out of memory is our
 * own fault, so these die() and never return NULL. Everything they return is
 * freed with free(), or left to the end of the process. */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include "base/base.h"

void *xmalloc(size_t size) MUST_USE;
/* Zeroed; count * size is checked for overflow. */
void *xcalloc(size_t count, size_t size) MUST_USE;
void *xrealloc(void *old, size_t size) MUST_USE;
char *xstrdup(const char *text) MUST_USE;
/* The first n bytes of data, with a NUL after them. */
char *xmemdup0(const void *data, size_t n) MUST_USE;
char *xprintf(const char *fmt, ...) MUST_USE PRINTF_LIKE(1, 2);

#endif
