/* prompt.c: reads a line from a terminal that does not show it. */
#include "prompt.h"

#include <errno.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

static volatile sig_atomic_t caught; /* the signal, or 0 */

static void note_signal(int number)
{
	caught = number;
}

/* Signals interrupt read() from here on. */
static void catch_signals(struct sigaction *before)
{
	struct sigaction noting = { .sa_handler = note_signal };

	sigemptyset(&noting.sa_mask);
	caught = 0;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &noting, NULL);
	}
}

static void release_signals(const struct sigaction *before)
{
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &before[i], NULL);
}

/* To the end of the line; what does not fit is read and forgotten. */
static bool read_line(char *out, size_t size)
{
	size_t len = 0;
	char c = '\0';
	ssize_t n = 0;

	while (!caught && c != '\n') {
		n = read(STDIN_FILENO, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (c != '\n' && len + 1 < size)
			out[len++] = c;
	}
	out[len] = '\0';
	explicit_bzero(&c, sizeof(c));
	return n > 0 && !caught;
}

/* Asks once; `caught` tells whether a signal came in between. */
static bool ask(const char *words, char *out, size_t size)
{
	struct sigaction before[ARRAY_SIZE(signals)];
	struct termios shown, silent;
	bool ok;

	if (tcgetattr(STDIN_FILENO, &shown))
		return false;
	silent = shown;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	catch_signals(before);
	ok = !tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	if (ok) {
		fputs(words, stderr);
		ok = read_line(out, size);
		fputc('\n', stderr);
		while (tcsetattr(STDIN_FILENO, TCSADRAIN, &shown) && errno == EINTR)
			;
	}
	release_signals(before);
	return ok;
}

bool prompt_secret(const char *words, char *out, size_t size)
{
	for (;;) {
		bool ok = ask(words, out, size);
		int number = caught;

		if (!number)
			return ok;
		explicit_bzero(out, size);
		raise(number);
		if (number != SIGTSTP)
			return false;
	}
}
