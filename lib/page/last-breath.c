/* last-breath.c: the end of output after the end of the process. */
#include "page/last-breath.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#define STACK_SIZE (16 * 1024)

/* The helper shares everything with a process that is about to end, so it may
 * do nothing but wait. */
static int wait_for_parent(void *parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == *(const pid_t *)parent)
		for (;;)
			pause();
	_exit(0);
}

void last_breath(void)
{
	static _Alignas(16) char stack[STACK_SIZE];
	static pid_t self; /* read by the helper while we end */

	self = getpid();
	/* Without CLONE_FILES the helper has its own hold on our files. A
	 * failure costs nothing but the pause that this avoids. */
	if (clone(wait_for_parent, stack + sizeof(stack), CLONE_VM, &self) < 0)
		return;
}
