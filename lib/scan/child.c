/* child.c: hands an upload to the sandboxed scan-normalise and checks what
 * comes back. */
#include "scan/scan.h"

#include "base/alloc.h"
#include "base/die.h"
#include "base/log.h"
#include "scan/header.h"
#include "scan/result.h"
#include "scan/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void scan_picture_release(struct scan_picture *p)
{
	buffer_wipe(&p->full);
	buffer_wipe(&p->thumb);
}

/* The walk costs a hundredth of starting a child, so most bad files end here. */
static enum scan_result walk(int fd, size_t size)
{
	struct scan_header header;
	enum scan_result result;
	void *data;

	if (!size)
		return SCAN_EMPTY;
	if (size > SCAN_FILE_MAX)
		return SCAN_TOO_LARGE;
	data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		die("scan: mmap: %s", strerror(errno));
	result = scan_header_read(data, size, &header);
	munmap(data, size);
	return result;
}

/* Starts the decoder with the file as standard input, `out` as standard output and
 * no other descriptor. Its environment sets one thread, large pages, which halve the
 * time for touching fresh memory, and the process with which the decoder ends. */
static pid_t start(const char *program, bool with_code, int in, int out)
{
	char parent[sizeof(SCAN_PARENT "=") + 20];
	const char *const env[] = { "MAGICK_THREAD_LIMIT=1",
				    "OMP_NUM_THREADS=1",
				    "LC_ALL=C",
				    "GLIBC_TUNABLES=glibc.malloc.hugetlb=1",
				    parent,
				    NULL };
	const char *const argv[] = { "scan-normalise", with_code ? SCAN_WITH_CODE : NULL, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, all;
	pid_t pid;
	int error;

	snprintf(parent, sizeof(parent), SCAN_PARENT "=%ld", (long)getpid());
	sigemptyset(&none);
	sigfillset(&all);
	if (posix_spawn_file_actions_init(&actions) || posix_spawnattr_init(&attr) ||
	    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO) ||
	    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) ||
	    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ||
	    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1) ||
	    posix_spawnattr_setsigmask(&attr, &none) ||
	    posix_spawnattr_setsigdefault(&attr, &all) ||
	    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
		die("scan: cannot prepare the normaliser");
	error = posix_spawn(&pid, program, &actions, &attr, (char *const *)(uintptr_t)argv,
			    (char *const *)(uintptr_t)env);
	if (error)
		die("scan: cannot start %s: %s", program, strerror(error));
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return pid;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Everything up to end of file; false when it takes too long, is too much, or
 * the answer has no reader any more: a server that gives a request up closes our
 * standard output. */
static bool drain(int fd, struct buffer *out)
{
	const size_t max = sizeof(struct scan_answer) + SCAN_ANSWER_FULL_MAX +
			   SCAN_ANSWER_THUMB_MAX;
	int64_t end = now_ms() + SCAN_NORMALISE_S * 1000;

	for (;;) {
		struct pollfd p[] = { { .fd = fd, .events = POLLIN }, { .fd = STDOUT_FILENO } };
		int64_t left = end - now_ms();
		ssize_t n;

		if (left <= 0 || out->len > max)
			return false;
		if (poll(p, ARRAY_SIZE(p), (int)left) <= 0)
			continue;
		if (p[1].revents & (POLLERR | POLLHUP))
			return false;
		n = read(fd, buffer_room(out, 1 << 16), 1 << 16);
		if (n == 0)
			return true;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return false;
		out->len += n > 0 ? (size_t)n : 0;
	}
}

bool scan_is_unread(void)
{
	struct pollfd p = { .fd = STDOUT_FILENO };

	return poll(&p, 1, 0) > 0 && p.revents & (POLLERR | POLLHUP);
}

static int finish(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("scan: waitpid: %s", strerror(errno));
	return status;
}

static bool is_jpeg(const char *data, size_t n)
{
	return n > 4 && !memcmp(data, "\xff\xd8\xff", 3) && !memcmp(data + n - 2, "\xff\xd9", 2);
}

static bool is_code(const char *text)
{
	size_t n = strnlen(text, SCAN_CODE_MAX + 1);

	for (size_t i = 0; i < n; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return n <= SCAN_CODE_MAX;
}

/* The child is not believed either: it has decoded what a stranger sent. */
static bool unpack(const struct buffer *raw, struct scan_answer *a, struct scan_picture *p)
{
	const char *full = raw->data + sizeof(*a);

	if (a->status != SCAN_STATUS_TAKEN || a->full_len > SCAN_ANSWER_FULL_MAX ||
	    a->thumb_len > SCAN_ANSWER_THUMB_MAX ||
	    raw->len != sizeof(*a) + a->full_len + a->thumb_len || !a->width_px ||
	    a->width_px > SCAN_OUT_PX || !a->height_px || a->height_px > SCAN_OUT_PX ||
	    a->marks >= SCAN_GLARE << 1 || !is_code(a->code) || !is_jpeg(full, a->full_len) ||
	    !is_jpeg(full + a->full_len, a->thumb_len))
		return false;
	buffer_add(&p->full, full, a->full_len);
	buffer_add(&p->thumb, full + a->full_len, a->thumb_len);
	p->width_px = (int)a->width_px;
	p->height_px = (int)a->height_px;
	p->marks = a->marks;
	p->phash = a->phash;
	memcpy(p->code, a->code, sizeof(p->code));
	return true;
}

static enum scan_result judge(int status, const struct buffer *raw, struct scan_picture *p)
{
	struct scan_answer a;

	if (WIFSIGNALED(status)) {
		log_line(LOG_REFUSED, "scan.killed", "signal=%d", WTERMSIG(status));
		return SCAN_REFUSED;
	}
	if (raw->len < sizeof(a)) {
		if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
			die("scan: the normaliser cannot be started");
		return SCAN_REFUSED;
	}
	memcpy(&a, raw->data, sizeof(a));
	if (a.magic != SCAN_ANSWER_MAGIC)
		return SCAN_REFUSED;
	if (a.status == SCAN_STATUS_UNSEALED)
		die("scan: no sandbox on this machine (seccomp or Landlock refused)");
	if (a.status == SCAN_STATUS_BROKEN)
		return SCAN_BROKEN;
	return unpack(raw, &a, p) ? SCAN_TAKEN : SCAN_REFUSED;
}

static enum scan_result run(const char *program, int fd, bool with_code, struct scan_picture *p)
{
	struct buffer raw = BUFFER_INIT;
	enum scan_result result;
	int out[2], status, slot = scan_slot_take(program, SCAN_SLOT_WAIT_MS);
	pid_t pid;
	bool whole;

	if (slot < 0) {
		log_line(LOG_REFUSED, "scan.busy", "waited_ms=%d", SCAN_SLOT_WAIT_MS);
		return SCAN_BUSY;
	}
	if (pipe2(out, O_CLOEXEC))
		die("scan: pipe: %s", strerror(errno));
	pid = start(program, with_code, fd, out[1]);
	close(out[1]);
	whole = drain(out[0], &raw);
	if (!whole)
		kill(pid, SIGKILL);
	close(out[0]);
	status = finish(pid);
	close(slot);
	if (!whole)
		log_line(LOG_REFUSED, "scan.killed", "reason=%s",
			 scan_is_unread() ? "unread" : "time");
	result = whole ? judge(status, &raw, p) : SCAN_REFUSED;
	buffer_wipe(&raw);
	return result;
}

enum scan_result scan_normalise(const struct config *config, int fd, size_t size, bool with_code,
				struct scan_picture *p)
{
	enum scan_result result;

	*p = (struct scan_picture){ .full = BUFFER_INIT, .thumb = BUFFER_INIT };
	result = walk(fd, size);
	if (result != SCAN_TAKEN)
		return result;
	return run(config_text(config, "scan_normaliser"), fd, with_code, p);
}
