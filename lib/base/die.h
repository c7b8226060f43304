/* die.h: the end of a program by our own fault.
 *
 * die() is for what must not happen: a broken table, no memory, a statement
 * the database refuses. Bad input from outside is never a reason to die. The
 * detail goes to the log; what the client sees is up to the handler, which the
 * page room sets (a bare 500 or 503 with the request number). */
#ifndef BASE_DIE_H
#define BASE_DIE_H

#include "base/base.h"

enum die_kind {
	DIE_FAULT, /* ours: 500 */
	DIE_UNAVAILABLE, /* a service we need is away: 503, try again */
};

/* Called once, after the log line and before _exit(1), with the words of the log
 * line, which are not for the client. A die() within the handler ends the program
 * at once. */
typedef void die_handler_fn(enum die_kind, const char *words);
void die_set_handler(die_handler_fn *);
void die(const char *fmt, ...) NORETURN PRINTF_LIKE(1, 2);
void die_unavailable(const char *fmt, ...) NORETURN PRINTF_LIKE(1, 2);

#endif
