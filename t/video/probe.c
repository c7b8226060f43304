/* probe.c: the attempts of a taken-over ffmpeg. Run by video-seal in the
 * place of ffmpeg, so it runs inside the same seal.
 *
 *     probe list         the names
 *     probe NAME FOLDER  tries
 *
 * Says "ready", then "got through" and ends with 1 when the attempt succeeds,
 * or "refused: ERROR" and ends with 0. An attempt to run another program ends
 * as that program does. FOLDER is one that may be written to. The attempts are
 * also made without the seal, perhaps by root, so none may change the machine:
 * a mount goes to where nothing can be mounted. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
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
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *folder = "/tmp"; /* may be written to, without the seal */
static char block[4096];

static long child_of(long pid)
{
	if (pid == 0)
		_exit(0);
	return pid;
}

static long become(const char *program)
{
	char name[] = "x", *const argv[] = { name, NULL }, *const env[] = { NULL };

	return execve(program, argv, env);
}

/* The loader reads a program and runs it without the right to execute it. */
static long become_by_loader(void)
{
	char name[] = "ld.so", program[] = "/bin/true", *const argv[] = { name, program, NULL };
	char *const env[] = { NULL };

	return execve("/lib64/ld-linux-x86-64.so.2", argv, env);
}

static long make(const char *name, int flags)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/probe-%s.%ld", folder, name, (long)getpid());
	fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static long make_folder(void)
{
	char path[4096];
	int result;

	snprintf(path, sizeof(path), "%s/probe-folder.%ld", folder, (long)getpid());
	result = mkdir(path, 0700);
	if (!result)
		rmdir(path);
	return result;
}

/* Where the memory of whoever started us lies. */
static long read_parent_maps(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/maps", (long)getppid());
	return open(path, O_RDONLY | O_CLOEXEC);
}

static long talk(int family, int type)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
				  .sin_port = htons(9),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(family, type, 0);

	if (fd >= 0)
		(void)!connect(fd, (struct sockaddr *)&in, sizeof(in));
	return fd;
}

static long run_memory(bool later)
{
	int rights = PROT_READ | PROT_WRITE | (later ? 0 : PROT_EXEC);
	void *page = mmap(NULL, 4096, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return -1;
	return later ? mprotect(page, 4096, PROT_READ | PROT_EXEC) : 0;
}

static long peek_parent(void)
{
	struct iovec here = { block, 8 }, there = { block, 8 };

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0);
}

static long uring(void)
{
	struct io_uring_params p = { 0 };

	return syscall(SYS_io_uring_setup, 4, &p);
}

static long perf(void)
{
	struct perf_event_attr a = { .size = sizeof(a), .type = PERF_TYPE_SOFTWARE };

	return syscall(SYS_perf_event_open, &a, 0, -1, -1, 0);
}

static long raise_limit(void)
{
	struct rlimit r = { 1, 1 };

	return setrlimit(RLIMIT_CORE, &r);
}

/* More than VIDEO_NORMALISE_MEMORY of memory that is used. */
static long eat(void)
{
	size_t n = (size_t)400 << 20;
	char *memory = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? -1 : 0;
}

static long write_much(void)
{
	return ftruncate(3, (off_t)17 << 20);
}

#define PROBES(X)                                                                    \
	X(read_passwd, open("/etc/passwd", O_RDONLY | O_CLOEXEC))                    \
	X(read_hosts, open("/etc/hosts", O_RDONLY | O_CLOEXEC))                      \
	X(read_program, open("/usr/bin/perl", O_RDONLY | O_CLOEXEC))                 \
	X(read_own_maps, open("/proc/self/maps", O_RDONLY | O_CLOEXEC))              \
	X(read_parent_maps, read_parent_maps())                                      \
	X(read_folder, open("/usr/share", O_RDONLY | O_DIRECTORY | O_CLOEXEC))       \
	X(openat2_passwd, syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", block, 24L)) \
	X(create_in_tmp, make("create", O_CREAT | O_WRONLY))                         \
	X(create_without_name, open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600))   \
	X(make_folder, make_folder())                                                \
	X(write_null, open("/dev/null", O_WRONLY | O_CLOEXEC))                       \
	X(symlink, symlinkat("/etc/passwd", AT_FDCWD, "/tmp/yj-probe-link"))         \
	X(unlink, unlink("/tmp/yj-probe-link"))                                      \
	X(chdir, chdir("/"))                                                         \
	X(exec_shell, become("/bin/sh"))                                             \
	X(exec_true, become("/bin/true"))                                            \
	X(exec_self, become("/proc/self/exe"))                                       \
	X(exec_by_loader, become_by_loader())                                        \
	X(fork, child_of(syscall(SYS_clone, (long)SIGCHLD, NULL, NULL, NULL, 0L)))   \
	X(fork_old, child_of(syscall(SYS_fork)))                                     \
	X(clone3, syscall(SYS_clone3, block, 64L))                                   \
	X(ptrace, ptrace(PTRACE_TRACEME, 0, NULL, NULL))                             \
	X(peek, peek_parent())                                                       \
	X(kill_parent, kill(getppid(), 0))                                           \
	X(signal_parent, syscall(SYS_tgkill, getppid(), getppid(), 0))               \
	X(pidfd_open, syscall(SYS_pidfd_open, getppid(), 0))                         \
	X(internet, talk(AF_INET, SOCK_STREAM))                                      \
	X(internet_udp, talk(AF_INET6, SOCK_DGRAM))                                  \
	X(unix_socket, socket(AF_UNIX, SOCK_STREAM, 0))                              \
	X(netlink, socket(AF_NETLINK, SOCK_RAW, 0))                                  \
	X(socket_pair, socketpair(AF_UNIX, SOCK_STREAM, 0, (int *)(void *)block))    \
	X(io_uring, uring())                                                         \
	X(bpf, syscall(SYS_bpf, 0, block, 64))                                       \
	X(perf, perf())                                                              \
	X(userfaultfd, syscall(SYS_userfaultfd, O_NONBLOCK | 1))                     \
	X(keyctl, syscall(SYS_keyctl, 0, -3, 0))                                     \
	X(mount, mount("none", "/proc/yj", "tmpfs", 0, NULL))                        \
	X(unshare, unshare(CLONE_NEWNET))                                            \
	X(new_user, unshare(CLONE_NEWUSER))                                          \
	X(chroot, chroot("/"))                                                       \
	X(become_root, setuid(0))                                                    \
	X(personality, syscall(SYS_personality, 0xffffffffL))                        \
	X(memory_file, memfd_create("x", MFD_CLOEXEC))                               \
	X(dumpable, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))                              \
	X(raise_limit, raise_limit())                                                \
	X(map_executable, run_memory(false))                                         \
	X(make_executable, run_memory(true))                                         \
	X(shared_memory, syscall(SYS_shmget, 0, 4096L, 01600))                       \
	X(eat_memory, eat())                                                         \
	X(write_much, write_much())                                                  \
	X(landlock, syscall(SYS_landlock_create_ruleset, NULL, 0L, 1))               \
	X(reboot, syscall(SYS_reboot, 0, 0, 0, NULL))

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

	if (argc == 2 && !strcmp(argv[1], "list")) {
		for (i = 0; i < ARRAY_SIZE(probes); i++)
			printf("%s\n", probes[i].name);
		return 0;
	}
	for (i = 0; argc == 3 && i < ARRAY_SIZE(probes); i++)
		if (!strcmp(argv[1], probes[i].name))
			break;
	if (argc != 3 || i == ARRAY_SIZE(probes)) {
		fprintf(stderr, "usage: probe list | NAME FOLDER\n");
		return 2;
	}
	folder = argv[2];
	say("ready\n");
	if (probes[i].attempt() >= 0) {
		say("got through\n");
		_exit(1);
	}
	say("refused: ");
	say(strerror(errno));
	say("\n");
	_exit(0);
}
