/* guard.c: one bad row ends one process, not the job. */
#include "guard.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/die.h"
#include "base/log.h"

/* Memory that parent and child share. The child writes it; for a signal the parent
 * writes `reason`. */
struct board {
	struct guard_hand hand;
	long done; /* rows that this child has finished */
};

static struct board *board; /* NULL outside of guard_run() */
static volatile sig_atomic_t child, ended;

void guard_take(const char *job, const char *item, const char *kind, int attempt)
{
	if (!board)
		return;
	board->hand = (struct guard_hand){ .attempt = attempt };
	snprintf(board->hand.item, sizeof(board->hand.item), "%s", item);
	snprintf(board->hand.kind, sizeof(board->hand.kind), "%s", kind);
	snprintf(board->hand.job, sizeof(board->hand.job), "%s", job);
}

void guard_take_id(const char *job, int64_t id)
{
	char item[24];

	snprintf(item, sizeof(item), "%lld", (long long)id);
	guard_take(job, item, "", 0);
}

void guard_drop(void)
{
	if (!board)
		return;
	board->hand.job[0] = '\0';
	board->done++;
}

/* The message of die(), which die() logs as well: it holds no personal data. */
static void note_words(enum die_kind kind, const char *words)
{
	struct guard_hand *hand = &board->hand;

	hand->unavailable = kind == DIE_UNAVAILABLE;
	snprintf(hand->class, sizeof(hand->class), "%s",
		 hand->unavailable ? "unavailable" : "fault");
	snprintf(hand->reason, sizeof(hand->reason), "%s", words);
	for (char *c = hand->reason; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
}

static void pass_on(int signal)
{
	ended = 1;
	if (child > 0)
		kill((pid_t)child, signal);
}

static void NORETURN be_child(guard_fn *work, void *context, const struct guard_hand *lost,
			      pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(1);
	die_set_handler(note_words);
	work(context, *lost->job ? lost : NULL);
	exit(0);
}

/* TERM is blocked until the pid of the child is known, to which it is passed on. */
static pid_t start(guard_fn *work, void *context, const struct guard_hand *lost,
		   const struct sigaction *own)
{
	struct sigaction forward = { .sa_handler = pass_on };
	pid_t parent = getpid(), pid;
	sigset_t term, before;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &before);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		sigaction(SIGTERM, own, NULL);
		sigprocmask(SIG_SETMASK, &before, NULL);
		be_child(work, context, lost, parent);
	}
	child = pid;
	if (own->sa_handler != SIG_DFL)
		sigaction(SIGTERM, &forward, NULL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static int wait_for(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	child = 0;
	return status;
}

static void note_end(struct guard_hand *hand, int status)
{
	if (WIFSIGNALED(status)) {
		snprintf(hand->class, sizeof(hand->class), "signal");
		snprintf(hand->reason, sizeof(hand->reason), "signal %d", WTERMSIG(status));
	} else if (!*hand->class) {
		snprintf(hand->class, sizeof(hand->class), "exit");
		snprintf(hand->reason, sizeof(hand->reason), "exit status %d", WEXITSTATUS(status));
	}
	/* the number of a notification is untrusted text: it is in job_fault, not in the log */
	log_line(LOG_FAULT, "guard.lost", "job=%s class=%s %s", hand->job, hand->class,
		 hand->reason);
}

int guard_run(guard_fn *work, void *context)
{
	struct guard_hand lost = { .job = "" };
	struct sigaction own;
	int streak = 0, status;

	sigaction(SIGTERM, NULL, &own);
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (board == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	for (;;) {
		*board = (struct board){ .done = 0 };
		status = wait_for(start(work, context, &lost, &own));
		if (!status)
			return 0;
		streak = board->done ? 1 : streak + 1;
		lost = board->hand;
		if (!*lost.job)
			return 1; /* no row is at fault; cron starts the job again */
		note_end(&lost, status);
		if (ended || streak >= GUARD_STREAK_MAX)
			return 1;
	}
}
