/* die.c: the end of a program by our own fault. */
#include "base/die.h"

#include <unistd.h>

#include "base/log.h"

#define WORDS_MAX 512

static die_handler_fn *die_handler;

void die_set_handler(die_handler_fn *handler)
{
	die_handler = handler;
}

static void vdie(enum die_kind kind, const char *fmt, va_list ap) NORETURN PRINTF_LIKE(2, 0);

static void vdie(enum die_kind kind, const char *fmt, va_list ap)
{
	die_handler_fn *handler = die_handler;
	char words[WORDS_MAX];
	va_list again;

	va_copy(again, ap);
	vsnprintf(words, sizeof(words), fmt, again);
	va_end(again);
	log_vline(LOG_FAULT, kind == DIE_FAULT ? "die" : "die.unavailable", fmt, ap);
	die_handler = NULL; /* a fault in the handler must not come back here */
	if (handler)
		handler(kind, words);
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
