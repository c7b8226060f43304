/* run.c: a child behind video-seal: start, read, end in time. */
#include "video/run.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMPLAINT_MAX 4096 /* of standard error, read for a word */
#define HIGH 16 /* above the descriptors that the child gets */

int64_t video_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The same, out of the way of the child's numbers. */
static int lift(int fd)
{
	int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, HIGH);

	if (fd >= 0)
		close(fd);
	return high;
}

int video_memory_file(void)
{
	return lift(memfd_create("recording", MFD_CLOEXEC | MFD_ALLOW_SEALING));
}

struct child {
	pid_t pid;
	int out, complaint; /* -1 when it has ended */
};

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool prepare(posix_spawn_file_actions_t *a, const struct video_run *r, int out, int err)
{
	return !posix_spawn_file_actions_addopen(a, STDIN_FILENO, "/dev/null", O_RDONLY, 0) &&
	       !posix_spawn_file_actions_adddup2(a, out, STDOUT_FILENO) &&
	       !posix_spawn_file_actions_adddup2(a, err, STDERR_FILENO) &&
	       !posix_spawn_file_actions_adddup2(a, r->recording, VIDEO_FD_RECORDING) &&
	       (r->clip < 0 || !posix_spawn_file_actions_adddup2(a, r->clip, VIDEO_FD_CLIP)) &&
	       !posix_spawn_file_actions_addclosefrom_np(a, r->clip < 0 ? VIDEO_FD_CLIP :
									  VIDEO_FD_CLIP + 1);
}

/* In a process group of its own, so that its children can be killed with it. */
static bool attributes(posix_spawnattr_t *attr)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	return !posix_spawnattr_setsigmask(attr, &none) &&
	       !posix_spawnattr_setsigdefault(attr, &all) && !posix_spawnattr_setpgroup(attr, 0) &&
	       !posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
						       POSIX_SPAWN_SETPGROUP);
}

static bool spawn(const struct video_run *r, int out, int err, pid_t *pid)
{
	static const char *const env[] = { NULL };
	const char *argv[128] = { "video-seal" };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	size_t n;
	bool ok;

	for (n = 0; r->argv[n]; n++)
		if (n + 2 >= ARRAY_SIZE(argv))
			return false;
		else
			argv[n + 1] = r->argv[n];
	if (posix_spawn_file_actions_init(&actions))
		return false;
	if (posix_spawnattr_init(&attr)) {
		posix_spawn_file_actions_destroy(&actions);
		return false;
	}
	ok = prepare(&actions, r, out, err) && attributes(&attr) &&
	     !posix_spawn(pid, r->seal, &actions, &attr, (char *const *)(uintptr_t)argv,
			  (char *const *)(uintptr_t)env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return ok;
}

static bool start(const struct video_run *r, struct child *c)
{
	int out[2], err[2];
	bool ok;

	if (pipe2(out, O_CLOEXEC))
		return false;
	if (pipe2(err, O_CLOEXEC)) {
		close(out[0]);
		close(out[1]);
		return false;
	}
	out[1] = lift(out[1]);
	err[1] = lift(err[1]);
	ok = out[1] >= 0 && err[1] >= 0 && spawn(r, out[1], err[1], &c->pid);
	shut(&out[1]);
	shut(&err[1]);
	c->out = out[0];
	c->complaint = err[0];
	if (ok)
		return true;
	shut(&c->out);
	shut(&c->complaint);
	return false;
}

/* Adds what there is to the buffer, up to a limit that counts or does not.
 * False when it is more. */
static bool swallow(int *fd, struct buffer *b, size_t max, bool strict)
{
	char block[1 << 14];
	ssize_t n = read(*fd, block, sizeof(block));
	size_t room = max - b->len;

	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		shut(fd);
	if (n <= 0)
		return true;
	if ((size_t)n > room && strict)
		return false;
	buffer_add(b, block, (size_t)n < room ? (size_t)n : room);
	return true;
}

/* Everything up to the end of both; false when it takes too long or is too much. */
static bool listen_to(struct child *c, struct video_run *r, struct buffer *complaint)
{
	while (c->out >= 0 || c->complaint >= 0) {
		struct pollfd p[] = { { .fd = c->out, .events = POLLIN },
				      { .fd = c->complaint, .events = POLLIN } };
		int64_t left = r->end_ms - video_now_ms();

		if (left <= 0)
			return false;
		if (poll(p, 2, (int)left) <= 0)
			continue;
		if (p[0].revents && !swallow(&c->out, &r->out, r->out_max, true))
			return false;
		if (p[1].revents)
			swallow(&c->complaint, complaint, COMPLAINT_MAX, false);
	}
	return true;
}

/* The complaint of ffmpeg or ffprobe, in a word of ours. */
static const char *word_of(const struct buffer *complaint)
{
	static const struct {
		const char *said, *word;
	} words[] = {
		{ "Cannot allocate memory", "memory" },
		{ "Operation not permitted", "denied" },
		{ "Permission denied", "denied" },
		{ "not on whitelist", "whitelist" },
		{ "moov atom not found", "no-head" },
		{ "Picture size", "size" },
		{ "Invalid data", "invalid" },
		{ "Error while decoding", "decode" },
		{ "Option ", "option" },
		{ "error while loading shared libraries", "library" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(buffer_text(complaint), words[i].said))
			return words[i].word;
	return complaint->len ? "other" : "silent";
}

/* Its status, -1 for none; it is ended when it outlives its time, though it may
 * have closed everything. */
static int reap(pid_t pid, int64_t end_ms, bool *in_time)
{
	struct pollfd p = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	int status;

	while (*in_time && p.fd >= 0) {
		int64_t left = end_ms - video_now_ms();

		*in_time = left > 0;
		if (*in_time && poll(&p, 1, (int)left) > 0)
			break;
	}
	shut(&p.fd);
	if (!*in_time)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

static enum video_end fault(const struct video_run *r, const char *what)
{
	log_line(LOG_FAULT, "video.fault", "reason=%s program=%s errno=%d", what, r->argv[0],
		 errno);
	return VIDEO_END_FAULT;
}

static enum video_end judge(struct video_run *r, int status)
{
	if (status < 0)
		return fault(r, "wait");
	if (WIFSIGNALED(status)) {
		int sig = WTERMSIG(status);

		r->why = sig == SIGSYS ? "forbidden" : "signal";
		log_line(LOG_REFUSED, "video.killed", "signal=%d", sig);
		return sig == SIGXCPU || sig == SIGXFSZ || sig == SIGKILL ? VIDEO_END_LIMIT :
									    VIDEO_END_KILLED;
	}
	if (WEXITSTATUS(status) == VIDEO_EXIT_UNSEALED)
		return fault(r, "unsealed");
	if (WEXITSTATUS(status) == VIDEO_EXIT_NO_PROGRAM || !strcmp(r->why, "library") ||
	    !strcmp(r->why, "option"))
		return fault(r, "no-program");
	if (WEXITSTATUS(status) == 0)
		return VIDEO_END_GOOD;
	return strcmp(r->why, "memory") ? VIDEO_END_BAD : VIDEO_END_LIMIT;
}

enum video_end video_run(struct video_run *r)
{
	struct buffer complaint = BUFFER_INIT;
	struct child c;
	bool whole;
	int status;

	r->why = "silent";
	if (!start(r, &c))
		return fault(r, "start");
	whole = listen_to(&c, r, &complaint);
	shut(&c.out);
	shut(&c.complaint);
	status = reap(c.pid, r->end_ms, &whole);
	r->why = word_of(&complaint);
	buffer_wipe(&complaint);
	if (whole)
		return judge(r, status);
	r->why = r->end_ms <= video_now_ms() ? "time" : "output";
	log_line(LOG_REFUSED, "video.killed", "reason=%s", r->why);
	return VIDEO_END_LIMIT;
}
