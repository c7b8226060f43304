/* die.c: the end of a program by our own fault. */
#include "base/die.h"

#include <unistd.h>

#include "base/log.h"

static void (*die_handler)(enum die_kind);

void die_set_handler(void (*handler)(enum die_kind))
{
	die_handler = handler;
}

static void vdie(enum die_kind kind, const char *fmt, va_list ap) NORETURN PRINTF_LIKE(2, 0);

static void vdie(enum die_kind kind, const char *fmt, va_list ap)
{
	void (*handler)(enum die_kind) = die_handler;

	log_vline(LOG_FAULT, kind == DIE_FAULT ? "die" : "die.unavailable", fmt, ap);
	die_handler = NULL; /* a fault in the handler must not come back here */
	if (handler)
		handler(kind);
	_exit(1);
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdie(DIE_FAULT, fmt, ap);
}

void die_unavailable(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vdie(DIE_UNAVAILABLE, fmt, ap);
}
