/* slot.c: slots for decoders, as names of abstract sockets. */
#include "scan/slot.h"

#include "base/ceilings.h"
#include "base/die.h"
#include "base/digest.h"

#include <errno.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define SLOTS_MIN 2
#define PAUSE_MS 15 /* between two looks, and as much again by chance */

static int slots(void)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	return processors < SLOTS_MIN      ? SLOTS_MIN :
	       processors > SCAN_SLOTS_MAX ? SCAN_SLOTS_MAX :
					     (int)processors;
}

/* Whether the socket got the name of that slot. */
static bool name_it(int fd, const struct stat *program, int slot)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	/* the name begins behind the zero that makes it abstract */
	int n = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1,
			 "yuanjian-scan-%llx-%llx-%d", (unsigned long long)program->st_dev,
			 (unsigned long long)program->st_ino, slot);

	if (!bind(fd, (const struct sockaddr *)&address,
		  (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n)))
		return true;
	if (errno != EADDRINUSE)
		die("scan: bind: %s", strerror(errno));
	return false;
}

static void pause_a_little(void)
{
	struct timespec t = { 0 };
	uint8_t chance;

	random_bytes(&chance, 1);
	t.tv_nsec = (PAUSE_MS + PAUSE_MS * chance / UINT8_MAX) * 1000000L;
	nanosleep(&t, NULL);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int scan_slot_take(const char *program, int wait_ms)
{
	int64_t end = now_ms() + wait_ms;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), count = slots();
	struct stat s;

	if (fd < 0)
		die("scan: socket: %s", strerror(errno));
	if (stat(program, &s) < 0)
		die("scan: cannot start %s: %s", program, strerror(errno));
	for (;;) {
		for (int slot = 0; slot < count; slot++)
			if (name_it(fd, &s, slot))
				return fd;
		if (now_ms() >= end)
			break;
		pause_a_little();
	}
	close(fd);
	return -1;
}
