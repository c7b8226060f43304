/* last-breath.h: the end of output after the end of the process.
 *
 * When a CGI program's stdout closes, httpd asks at once whether the process
 * has ended. If it has not quite (closing files comes before becoming a
 * zombie), httpd sleeps 47 ms in that worker, and the next request on the same
 * connection waits. A helper that shares our memory and keeps stdout and
 * stderr open until the kernel has ended us turns the order round: it asks to
 * be killed with its parent (PR_SET_PDEATHSIG), which happens after the parent
 * can be reaped. Linux only; config flag last_breath, which is off because the
 * helper becomes an orphan for init to reap, and some containers have none. */
#ifndef PAGE_LAST_BREATH_H
#define PAGE_LAST_BREATH_H

#include "base/base.h"

/* To be called right before _exit(). Does nothing where clone() is refused. */
void last_breath(void);

#endif
