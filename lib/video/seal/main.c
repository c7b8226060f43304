/* main.c: video-seal PROGRAM ARGUMENT...: runs a program that can only
 * compute on the descriptors it is given. */
#include "seal.h"
#include "video/run.h"

#include <unistd.h>

int main(int argc, char **argv)
{
	/* no user of a library's settings, one heap: less memory */
	static const char *const env[] = { "LC_ALL=C", "AV_LOG_FORCE_NOCOLOR=1",
					   "MALLOC_ARENA_MAX=1", NULL };

	if (argc < 2 || *argv[1] != '/')
		return 2;
	if (access(argv[1], X_OK))
		return VIDEO_EXIT_NO_PROGRAM;
	if (!seal(argv[1]))
		return VIDEO_EXIT_UNSEALED;
	execve(argv[1], argv + 1, (char *const *)(uintptr_t)env);
	_exit(VIDEO_EXIT_NO_PROGRAM);
}
