/* seal.c: rlimits, Landlock and seccomp for the normaliser. */
#include "seal.h"

#include "base/ceilings.h"

#include <errno.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool limit(int what, rlim_t value)
{
	struct rlimit r = { value, value };

	return !setrlimit(what, &r);
}

static bool limits(void)
{
#ifndef YJ_SANITIZED
	if (!limit(RLIMIT_AS, SCAN_NORMALISE_MEMORY))
		return false;
#endif
	return limit(RLIMIT_CPU, SCAN_NORMALISE_CPU_S) && limit(RLIMIT_FSIZE, 0) &&
	       limit(RLIMIT_NPROC, 0) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, 0);
}

/* Newer than some kernel headers: the layout of struct landlock_ruleset_attr
 * up to ABI 6, and the rights each ABI knows. */
struct ruleset {
	uint64_t fs, net, scoped;
};

/* With no rule added, everything handled is refused. A kernel without
 * Landlock leaves the work to seccomp. */
static bool landlock(void)
{
	static const uint64_t fs[] = { 0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff };
	struct ruleset rules = { 0 };
	size_t size = sizeof(rules.fs);
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	long fd;
	bool on;

	if (abi < 1)
		return abi < 0 && (errno == ENOSYS || errno == EOPNOTSUPP);
	rules.fs = fs[abi < (long)ARRAY_SIZE(fs) ? (size_t)abi : ARRAY_SIZE(fs) - 1];
	if (abi >= 4) {
		rules.net = 3; /* bind and connect TCP */
		size = offsetof(struct ruleset, scoped);
	}
	if (abi >= 6) {
		rules.scoped = 3; /* abstract sockets and signals */
		size = sizeof(rules);
	}
	fd = syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	if (fd < 0)
		return false;
	on = !syscall(SYS_landlock_restrict_self, (int)fd, 0);
	close((int)fd);
	return on;
}

/* What decoding in memory needs, seen with strace. */
static const int allowed[] = {
	SCMP_SYS(read),         SCMP_SYS(write),          SCMP_SYS(writev),
	SCMP_SYS(lseek),        SCMP_SYS(close),          SCMP_SYS(munmap),
	SCMP_SYS(mremap),       SCMP_SYS(madvise),        SCMP_SYS(brk),
	SCMP_SYS(futex),        SCMP_SYS(exit),           SCMP_SYS(exit_group),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday), SCMP_SYS(time),           SCMP_SYS(getrusage),
	SCMP_SYS(times),        SCMP_SYS(getpid),         SCMP_SYS(gettid),
	SCMP_SYS(getrandom),    SCMP_SYS(sched_yield),    SCMP_SYS(restart_syscall),
};

/* The library asks after files with its own ideas of names ("JPEG:"): it is
 * told that there are none, and lives. */
static const int nothing_there[] = {
	SCMP_SYS(newfstatat), SCMP_SYS(stat),   SCMP_SYS(lstat),
	SCMP_SYS(statx),      SCMP_SYS(access), SCMP_SYS(readlink),
};

static bool filter(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool ok = ctx != NULL;
	size_t i;

	for (i = 0; ok && i < ARRAY_SIZE(allowed); i++)
		ok = !seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	for (i = 0; ok && i < ARRAY_SIZE(nothing_there); i++)
		ok = !seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOENT), nothing_there[i], 0);
	/* memory, but never memory that runs */
	ok = ok && !seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	ok = ok && !seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	ok = ok && !seccomp_load(ctx);
	seccomp_release(ctx);
	return ok;
}

bool seal(void)
{
	return !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) && !prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) &&
	       landlock() && limits() && filter();
}
