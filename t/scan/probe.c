/* probe.c: tries what a taken-over decoder would try, inside the normaliser's
 * own seal.
 *
 *     probe list          the names
 *     probe open NAME     without the seal: shows that the attempt is real
 *     probe sealed NAME   with it
 *
 * Says "got through" and ends with 1 when a call gives a result; says the
 * error and ends with 0 when it is refused. Mostly the kernel ends it. */
#include "lib/scan/normalise/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char path[4096]; /* a file of our own, made before the seal */
static char block[4096];

static long go_clone(long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0);

	if (pid == 0)
		_exit(0);
	return pid;
}

static long go_exec(void)
{
	char name[] = "true", *const argv[] = { name, NULL };

	return syscall(SYS_execve, "/bin/true", argv, NULL); /* ends with 0 */
}

static long go_run_memory(int how)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | (how ? 0 : PROT_EXEC),
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return -1;
	return how ? mprotect(page, 4096, PROT_READ | PROT_EXEC) : 0;
}

static long go_kill(void)
{
	return kill(getppid(), 0);
}

static long go_read_parent(void)
{
	struct {
		void *base;
		size_t len;
	} here = { block, 8 }, there = { block, 8 };

	return syscall(SYS_process_vm_readv, getpid(), &here, 1L, &there, 1L, 0L);
}

static long go_uring(void)
{
	struct io_uring_params p = { 0 };

	return syscall(SYS_io_uring_setup, 4, &p);
}

static long go_perf(void)
{
	struct perf_event_attr a = { .size = sizeof(a), .type = PERF_TYPE_SOFTWARE };

	return syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static long go_timer(void)
{
	int id;

	return syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &id);
}

static long go_limit(void)
{
	struct rlimit r = { 1 << 20, 1 << 20 };

	return setrlimit(RLIMIT_CORE, &r);
}

#define CALL(...) syscall(__VA_ARGS__)
#define PROBES(X)                                                                             \
	X(open_passwd, CALL(SYS_open, "/etc/passwd", O_RDONLY))                               \
	X(openat_passwd, CALL(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY))                 \
	X(openat2_passwd, CALL(SYS_openat2, AT_FDCWD, "/etc/passwd", (uint64_t[3]){ 0 }, 24)) \
	X(open_self_maps, CALL(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY))            \
	X(creat_file, CALL(SYS_creat, path, 0600))                                            \
	X(append_file, CALL(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND))                 \
	X(stat_passwd, CALL(SYS_newfstatat, AT_FDCWD, "/etc/passwd", block, 0))               \
	X(access_passwd, CALL(SYS_access, "/etc/passwd", R_OK))                               \
	X(readlink_exe, CALL(SYS_readlink, "/proc/self/exe", block, sizeof(block)))           \
	X(getcwd, CALL(SYS_getcwd, block, sizeof(block)))                                     \
	X(chdir, CALL(SYS_chdir, "/"))                                                        \
	X(mkdir, CALL(SYS_mkdirat, AT_FDCWD, "/proc/yj", 0700))                               \
	X(unlink, CALL(SYS_unlinkat, AT_FDCWD, path, 0))                                      \
	X(rename, CALL(SYS_rename, path, path))                                               \
	X(link, CALL(SYS_linkat, AT_FDCWD, path, AT_FDCWD, path, 0))                          \
	X(symlink, CALL(SYS_symlinkat, "/etc/passwd", AT_FDCWD, path))                        \
	X(chmod, CALL(SYS_chmod, path, 0600))                                                 \
	X(chown, CALL(SYS_chown, path, -1, -1))                                               \
	X(truncate, CALL(SYS_truncate, path, 0L))                                             \
	X(mknod, CALL(SYS_mknodat, AT_FDCWD, path, S_IFIFO | 0600, 0))                        \
	X(utimensat, CALL(SYS_utimensat, AT_FDCWD, path, NULL, 0))                            \
	X(socket_inet, CALL(SYS_socket, AF_INET, SOCK_STREAM, 0))                             \
	X(socket_inet6_udp, CALL(SYS_socket, AF_INET6, SOCK_DGRAM, 0))                        \
	X(socket_unix, CALL(SYS_socket, AF_UNIX, SOCK_STREAM, 0))                             \
	X(socket_netlink, CALL(SYS_socket, AF_NETLINK, SOCK_RAW, 0))                          \
	X(socketpair, CALL(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, block))                   \
	X(connect, CALL(SYS_connect, 0, block, 16))                                           \
	X(sendto, CALL(SYS_sendto, 0, block, 1L, 0, NULL, 0))                                 \
	X(fork, go_clone(0))                                                                  \
	X(clone_newuser, go_clone(CLONE_NEWUSER))                                             \
	X(clone3, CALL(SYS_clone3, block, 64L))                                               \
	X(execve, go_exec())                                                                  \
	X(execveat, CALL(SYS_execveat, AT_FDCWD, "/nowhere", NULL, NULL, 0))                  \
	X(ptrace, CALL(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0))                                  \
	X(kill_parent, go_kill())                                                             \
	X(tgkill, CALL(SYS_tgkill, getpid(), getpid(), 0))                                    \
	X(pidfd_open, CALL(SYS_pidfd_open, getpid(), 0))                                      \
	X(process_vm_readv, go_read_parent())                                                 \
	X(process_vm_writev, CALL(SYS_process_vm_writev, getpid(), NULL, 0L, NULL, 0L, 0L))   \
	X(io_uring_setup, go_uring())                                                         \
	X(bpf, CALL(SYS_bpf, 0, block, 64))                                                   \
	X(perf_event_open, go_perf())                                                         \
	X(userfaultfd, CALL(SYS_userfaultfd, O_NONBLOCK | 1))                                 \
	X(keyctl, CALL(SYS_keyctl, 0, -3, 0))                                                 \
	X(add_key, CALL(SYS_add_key, "user", "yj", "x", 1L, -1))                              \
	X(mount, CALL(SYS_mount, "none", "/proc/yj", "tmpfs", 0L, NULL))                      \
	X(umount, CALL(SYS_umount2, "/proc/yj", 0))                                           \
	X(unshare_net, CALL(SYS_unshare, CLONE_NEWNET))                                       \
	X(setns, CALL(SYS_setns, 0, 0))                                                       \
	X(chroot, CALL(SYS_chroot, "/"))                                                      \
	X(setuid, CALL(SYS_setuid, getuid()))                                                 \
	X(setgroups, CALL(SYS_setgroups, 0, NULL))                                            \
	X(capset, CALL(SYS_capset, block, NULL))                                              \
	X(prctl_dumpable, CALL(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0))                       \
	X(setrlimit, go_limit())                                                              \
	X(personality, CALL(SYS_personality, 0xffffffffL))                                    \
	X(map_executable, go_run_memory(0))                                                   \
	X(make_executable, go_run_memory(1))                                                  \
	X(memfd_create, CALL(SYS_memfd_create, "x", 0))                                       \
	X(inotify, CALL(SYS_inotify_init1, 0))                                                \
	X(fanotify, CALL(SYS_fanotify_init, 0, 0))                                            \
	X(ioctl_stdout, CALL(SYS_ioctl, 1, 0x541bL, block))                                   \
	X(fcntl_dup, CALL(SYS_fcntl, 1, F_DUPFD, 10))                                         \
	X(dup, CALL(SYS_dup, 1))                                                              \
	X(pipe, CALL(SYS_pipe2, block, 0))                                                    \
	X(eventfd, CALL(SYS_eventfd2, 0, 0))                                                  \
	X(epoll, CALL(SYS_epoll_create1, 0))                                                  \
	X(shmget, CALL(SYS_shmget, 0, 4096L, 01600))                                          \
	X(msgget, CALL(SYS_msgget, 0x796a0001, 0))                                            \
	X(semget, CALL(SYS_semget, 0x796a0001, 1, 0))                                         \
	X(timer_create, go_timer())                                                           \
	X(setitimer, CALL(SYS_setitimer, 0, (long[4]){ 0 }, NULL))                            \
	X(nanosleep, CALL(SYS_nanosleep, (long[2]){ 0, 1 }, NULL))                            \
	X(sched_setaffinity, CALL(SYS_sched_setaffinity, 0, 8L, (long[1]){ -1 }))             \
	X(setpriority, CALL(SYS_setpriority, 0, 0, 0))                                        \
	X(uname, CALL(SYS_uname, block))                                                      \
	X(sysinfo, CALL(SYS_sysinfo, block))                                                  \
	X(getdents, CALL(SYS_getdents64, 0, block, sizeof(block)))                            \
	X(seccomp, CALL(SYS_seccomp, 3, 0, NULL))                                             \
	X(landlock, CALL(SYS_landlock_create_ruleset, NULL, 0L, 1))                           \
	X(reboot, CALL(SYS_reboot, 0, 0, 0, NULL))                                            \
	X(init_module, CALL(SYS_init_module, NULL, 0L, ""))                                   \
	X(settimeofday, CALL(SYS_settimeofday, NULL, NULL))                                   \
	X(modify_ldt, CALL(SYS_modify_ldt, 0, block, 16L))

#define FUNCTION(name, call)         \
	static long try_##name(void) \
	{                            \
		return (long)(call); \
	}
PROBES(FUNCTION)

static const struct {
	const char *name;
	long (*attempt)(void);
} probes[] = {
#define ROW(name, call) { #name, try_##name },
	PROBES(ROW)
};

static void say(const char *words)
{
	if (write(STDOUT_FILENO, words, strlen(words)) < 0)
		_exit(3);
}

int main(int argc, char **argv)
{
	size_t i;
	int fd;

	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (i = 0; i < ARRAY_SIZE(probes); i++)
			printf("%s\n", probes[i].name);
		return 0;
	}
	for (i = 0; argc == 3 && i < ARRAY_SIZE(probes); i++)
		if (!strcmp(argv[2], probes[i].name))
			break;
	if (argc != 3 || i == ARRAY_SIZE(probes)) {
		fprintf(stderr, "usage: probe list | open NAME | sealed NAME\n");
		return 2;
	}
	snprintf(path, sizeof(path), "%s/probe.%ld", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp",
		 (long)getpid());
	fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return 2;
	close(fd);
	if (!strcmp(argv[1], "sealed") && !seal()) {
		say("not sealed\n");
		_exit(2);
	}
	say("ready\n");
	if (probes[i].attempt() >= 0) {
		say("got through\n");
		_exit(1);
	}
	say(errno == ENOENT ? "refused: nothing there\n" : "refused: error\n");
	_exit(0);
}
