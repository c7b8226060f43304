/* seal.c: limits, namespaces, Landlock and seccomp for ffmpeg. */
#include "seal.h"

#include "base/ceilings.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <link.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ADDRESSES ((rlim_t)2 * 1024 * 1024 * 1024) /* 215 libraries are mapped */
#define FILES 32

static bool limit(int what, rlim_t value)
{
	struct rlimit r = { value, value };

	return !setrlimit(what, &r);
}

/* Memory is what can be written to (RLIMIT_DATA), not what is mapped. */
static bool limits(void)
{
#ifndef YJ_SANITIZED
	if (!limit(RLIMIT_AS, ADDRESSES) || !limit(RLIMIT_DATA, VIDEO_NORMALISE_MEMORY))
		return false;
#endif
	return limit(RLIMIT_CPU, VIDEO_NORMALISE_CPU_S) && limit(RLIMIT_FSIZE, VIDEO_CLIP_MAX) &&
	       limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, FILES);
}

/* Nobody's root either: what the account could do by capabilities it loses with exec. */
static void drop(void)
{
	int i;

	for (i = 0; i < 64; i++)
		prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
	/* an empty network namespace; seccomp refuses sockets in any case */
	if (unshare(CLONE_NEWNET))
		(void)!unshare(CLONE_NEWUSER | CLONE_NEWNET);
}

/* Newer than some kernel headers: the layout of struct landlock_ruleset_attr
 * up to ABI 6. */
struct ruleset {
	uint64_t fs, net, scoped;
};

static bool grant(int rules, const char *path, uint64_t rights)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = rights };
	bool on;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT;
	on = !syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return on;
}

/* The loader that the kernel runs for this program and, since both are of one
 * machine, for ffmpeg. */
static const char *loader(void)
{
	const ElfW(Phdr) *head = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	size_t count = getauxval(AT_PHNUM), i;
	uintptr_t base = 0;

	for (i = 0; i < count; i++)
		if (head[i].p_type == PT_PHDR)
			base = (uintptr_t)head - head[i].p_vaddr;
	for (i = 0; i < count; i++)
		if (head[i].p_type == PT_INTERP)
			return (const char *)(base + head[i].p_vaddr);
	return "/lib64/ld-linux-x86-64.so.2";
}

static bool landlock(const char *program)
{
	static const uint64_t fs[] = { 0, 0x1fff, 0x3fff, 0x7fff, 0x7fff, 0xffff };
	static const char *const libraries[] = { "/lib", "/lib64", "/usr/lib", "/usr/lib64",
						 "/usr/local/lib" };
	const uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
	const uint64_t run = read_file | LANDLOCK_ACCESS_FS_EXECUTE;
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset rules = { 0 };
	size_t size = sizeof(rules.fs), i;
	bool ok;
	int fd;

	if (abi < 1)
		return false;
	rules.fs = fs[abi < (long)ARRAY_SIZE(fs) ? (size_t)abi : ARRAY_SIZE(fs) - 1];
	if (abi >= 4) {
		rules.net = 3; /* bind and connect TCP */
		size = offsetof(struct ruleset, scoped);
	}
	if (abi >= 6) {
		rules.scoped = 3; /* abstract sockets and signals */
		size = sizeof(rules);
	}
	fd = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
	ok = fd >= 0 && grant(fd, program, run) && grant(fd, loader(), run) &&
	     grant(fd, "/etc/ld.so.cache", read_file) && grant(fd, "/dev/urandom", read_file);
	for (i = 0; ok && i < ARRAY_SIZE(libraries); i++)
		ok = grant(fd, libraries[i], read_file);
	ok = ok && !syscall(SYS_landlock_restrict_self, fd, 0);
	close(fd);
	return ok;
}

/* What loading, decoding and encoding need, seen with strace. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(lseek),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(close),
	SCMP_SYS(stat),
	SCMP_SYS(fstat),
	SCMP_SYS(lstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(ftruncate),
	SCMP_SYS(fcntl),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(brk),
	SCMP_SYS(mlock),
	SCMP_SYS(futex),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(set_tid_address),
	SCMP_SYS(rseq),
	SCMP_SYS(arch_prctl),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_getparam),
	SCMP_SYS(sched_getscheduler),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(times),
	SCMP_SYS(getrusage),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(getpid),
	SCMP_SYS(getppid),
	SCMP_SYS(gettid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getrandom),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* What only an intruder wants: the end, so that it is seen. */
static const int forbidden[] = {
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(request_key),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(reboot),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(execveat),
	SCMP_SYS(memfd_create),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(personality),
	SCMP_SYS(setuid),
	SCMP_SYS(setgid),
	SCMP_SYS(setresuid),
	SCMP_SYS(setresgid),
	SCMP_SYS(capset),
	SCMP_SYS(kill),
	SCMP_SYS(modify_ldt),
	SCMP_SYS(shmget),
	SCMP_SYS(msgget),
};

/* Calls that are allowed for some arguments. */
static bool by_argument(scmp_filter_ctx ctx, const char *program)
{
	const scmp_datum_t both = PROT_WRITE | PROT_EXEC, thread = CLONE_THREAD | CLONE_VM;

	return /* once, by a pointer that the new program cannot have */
		!seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(execve), 1,
				  SCMP_A0(SCMP_CMP_EQ, (uintptr_t)program, 0)) &&
		/* threads, but no process; the newer call hides its flags, the older is tried */
		!seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				  SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread)) &&
		!seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) &&
		/* libraries run; memory that was written never does */
		!seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
				  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) &&
		!seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
				  SCMP_A2(SCMP_CMP_MASKED_EQ, both, PROT_EXEC),
				  SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0)) &&
		!seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				  SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) &&
		!seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
				  SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0)) &&
		/* its own limits may be read */
		!seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
				  SCMP_A2(SCMP_CMP_EQ, 0, 0));
}

static bool filter(const char *program)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool ok = ctx != NULL;
	size_t i;

	for (i = 0; ok && i < ARRAY_SIZE(allowed); i++)
		ok = !seccomp_rule_add(ctx, SCMP_ACT_ALLOW, allowed[i], 0);
	for (i = 0; ok && i < ARRAY_SIZE(forbidden); i++)
		ok = !seccomp_rule_add(ctx, SCMP_ACT_KILL_PROCESS, forbidden[i], 0);
	ok = ok && by_argument(ctx, program) && !seccomp_load(ctx);
	seccomp_release(ctx);
	return ok;
}

bool seal(const char *program)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return false;
	drop();
	return limits() && landlock(program) && filter(program);
}
