/* wechat-faults.c: the sim's WeChat on a bad day, when a test asks for it. */
#include "wechat.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"
#include "wechat-code.h"

#define SLOW_SECONDS 12
#define FOREVER (-1)

static void play_slow(struct sim *s)
{
	sleep(SLOW_SECONDS);
	answer_error(s, -1);
}

static void play_down(struct sim *s)
{
	s->reply.status = 503;
	s->reply.type = "text/plain; charset=utf-8";
	buffer_puts(&s->reply.body, "service unavailable\n");
}

static void play_garbage(struct sim *s)
{
	buffer_puts(&s->reply.body, "<html>502 Bad Gateway</html>");
}

static void play_busy(struct sim *s)
{
	answer_error(s, -1);
}

static void play_expired(struct sim *s)
{
	answer_error(s, 42001);
}

static void play_invalid(struct sim *s)
{
	answer_error(s, 40001);
}

static void play_quota(struct sim *s)
{
	answer_error(s, 45009);
}

/* The faults; NULL: the call is done, and its answer lost. */
static const struct {
	const char *word;
	void (*play)(struct sim *);
	bool by_chance; /* every other time */
} kinds[] = {
	{ "slow", play_slow, false },       { "down", play_down, false },
	{ "garbage", play_garbage, false }, { "busy", play_busy, false },
	{ "expired", play_expired, false }, { "invalid", play_invalid, false },
	{ "quota", play_quota, false },     { "lost", NULL, false },
	{ "half-down", play_down, true },   { "half-lost", NULL, true },
};

static char *faults_path(const char *interface)
{
	char *name = xprintf("faults.%s", interface), *path = sim_path(name);

	free(name);
	return path;
}

static bool is_word(const char *text)
{
	size_t n = text ? strspn(text, "abcdefghijklmnopqrstuvwxyz-") : 0;

	return n > 0 && n <= 20 && !text[n];
}

/* One line: the word and how many times yet. */
static void write_faults(const char *path, const char *word, long times)
{
	char *text = xprintf("%s %ld\n", word, times);
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	size_t n = strlen(text);

	if (fd < 0 || flock(fd, LOCK_EX) || ftruncate(fd, 0) || write(fd, text, n) != (ssize_t)n)
		die("cannot write %s: %m", path);
	close(fd);
	free(text);
}

static void rotate_token(void)
{
	char *path = sim_path("rotated");

	unlink(path);
	write_faults(path, "rotated", 0);
	free(path);
}

void wechat_set_faults(struct sim *s)
{
	const char *on = request_query(s->request, "on");
	const char *what = request_query(s->request, "what");
	const char *times = request_query(s->request, "times");
	char *path;

	s->reply.type = "text/plain; charset=utf-8";
	if (!is_word(on) || !is_word(what)) {
		s->reply.status = 400;
		buffer_puts(&s->reply.body, "on=INTERFACE&what=WORD&times=N\n");
		return;
	}
	path = faults_path(on);
	if (!strcmp(what, "none"))
		unlink(path);
	else if (!strcmp(what, "rotate"))
		rotate_token();
	else
		write_faults(path, what, times ? strtol(times, NULL, 10) : FOREVER);
	free(path);
	buffer_puts(&s->reply.body, "ok\n");
}

/* Takes one of the times; false when there is no fault (any more). */
static bool take(const char *interface, char word[21])
{
	char *path = faults_path(interface), text[64] = "", *left;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	long times = 0;

	free(path);
	if (fd < 0)
		return false;
	if (flock(fd, LOCK_EX) || read(fd, text, sizeof(text) - 1) < 0)
		die("cannot read the faults: %m");
	left = strchr(text, ' ');
	if (left) {
		*left = '\0';
		times = strtol(left + 1, NULL, 10);
	}
	snprintf(word, 21, "%.20s", text);
	if (times > 0) {
		int n = snprintf(text, sizeof(text), "%s %ld\n", word, times - 1);

		if (ftruncate(fd, 0) || pwrite(fd, text, (size_t)n, 0) != n)
			die("cannot write the faults: %m");
	}
	close(fd);
	return times != 0;
}

static bool heads(void)
{
	uint8_t coin;

	random_bytes(&coin, 1);
	return coin & 1;
}

bool faults_before(struct sim *s, const char *interface)
{
	char word[21];

	if (!take(interface, word))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(kinds[i].word, word) != 0)
			continue;
		if (kinds[i].by_chance && heads())
			return false;
		s->loses_answer = !kinds[i].play;
		if (kinds[i].play)
			kinds[i].play(s);
		return !s->loses_answer;
	}
	return false;
}

void faults_after(struct sim *s)
{
	if (!s->loses_answer)
		return;
	buffer_reset(&s->reply.body);
	play_down(s);
}
