/* spawn.c: runs programs for a test. A Perl with all its modules takes longer to
 * fork than most of our programs to run; this one has next to nothing to copy.
 *
 * On standard input, again and again: a length, four bytes in this machine's order,
 * and that many bytes: strings with NUL behind each. Folder, files for standard
 * input, output and error, path, the number of arguments, the arguments with the
 * program's own name, and the environment. On standard output the status that
 * waitpid(2) gives, four bytes; -1 where the program could not be started. */
#define _GNU_SOURCE /* posix_spawn_file_actions_addchdir_np() */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STRINGS_MAX 1024

/* The next string of what is left; NULL behind the last. */
static char *next(char **at, const char *end)
{
	char *string = *at;

	if (string >= end)
		return NULL;
	*at += strlen(string) + 1;
	return string;
}

static int32_t start(char *at, const char *end)
{
	posix_spawn_file_actions_t actions;
	char *folder = next(&at, end), *in = next(&at, end), *out = next(&at, end);
	char *err = next(&at, end), *path = next(&at, end), *number = next(&at, end);
	char *argv[STRINGS_MAX], *envp[STRINGS_MAX];
	int count = number ? (int)strtol(number, NULL, 10) : -1, n = 0, status = -1;
	pid_t pid;

	if (count < 1 || count >= STRINGS_MAX)
		return -1;
	for (int i = 0; i < count; i++)
		argv[i] = next(&at, end);
	argv[count] = NULL;
	while (n < STRINGS_MAX - 1 && (envp[n] = next(&at, end)))
		n++;
	envp[n] = NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, folder);
	posix_spawn_file_actions_addopen(&actions, 0, in, O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY, 0);
	if (!posix_spawn(&pid, path, &actions, NULL, argv, envp))
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

int main(void)
{
	uint32_t length;
	char *request;

	while (fread(&length, sizeof(length), 1, stdin) == 1) {
		int32_t status;

		request = malloc((size_t)length + 1);
		if (!request || fread(request, 1, length, stdin) != length)
			return 1;
		request[length] = '\0';
		status = start(request, request + length);
		free(request);
		if (fwrite(&status, sizeof(status), 1, stdout) != 1 || fflush(stdout))
			return 1;
	}
	return 0;
}
