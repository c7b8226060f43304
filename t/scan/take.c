/* take.c: for the tests: hands files to scan_normalise() as a page does.
 *
 *     take CONFIG [-o DIR] FILE...
 *
 * One line a file: result, milliseconds of processor time (so that a busy
 * machine changes nothing), marks, width, height, hash. With -o
 * the pictures go to DIR/N-full.jpg and DIR/N-thumb.jpg, N from 0. The last
 * line has the peak memory of the greatest child in KiB. */
#include "base/config.h"
#include "base/log.h"
#include "scan/scan.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

static const char *const names[SCAN_RESULT_COUNT] = {
	[SCAN_TAKEN] = "taken",
	[SCAN_REPEATED] = "repeated",
	[SCAN_EMPTY] = "empty",
	[SCAN_TOO_LARGE] = "too-large",
	[SCAN_NOT_A_PICTURE] = "not-a-picture",
	[SCAN_HEIC] = "heic",
	[SCAN_WEBP] = "webp",
	[SCAN_PDF] = "pdf",
	[SCAN_BROKEN] = "broken",
	[SCAN_TOO_MANY_PIXELS] = "too-many-pixels",
	[SCAN_TOO_FEW_PIXELS] = "too-few-pixels",
	[SCAN_REFUSED] = "refused",
	[SCAN_TOO_MANY_PAGES] = "too-many-pages",
	[SCAN_TOO_MANY_TODAY] = "too-many-today",
	[SCAN_BUSY] = "busy",
	[SCAN_LEFT_ALONE] = "left-alone",
};

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

/* Of this process and its ended children. */
static double spent_ms(void)
{
	struct rusage own, children;

	getrusage(RUSAGE_SELF, &own);
	getrusage(RUSAGE_CHILDREN, &children);
	return ms(own.ru_utime) + ms(own.ru_stime) + ms(children.ru_utime) + ms(children.ru_stime);
}

/* The file in a memory file, as the request parser leaves an upload. */
static int upload(const char *path, size_t *size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC), memory = memfd_create("upload", MFD_CLOEXEC);
	char block[1 << 16];
	ssize_t n;

	*size = 0;
	if (file < 0 || memory < 0) {
		perror(path);
		exit(1);
	}
	while ((n = read(file, block, sizeof(block))) > 0) {
		if (write(memory, block, (size_t)n) != n)
			exit(1);
		*size += (size_t)n;
	}
	close(file);
	return memory;
}

static void save(const char *dir, int number, const char *what, const struct buffer *b)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%d-%s.jpg", dir, number, what);
	out = fopen(path, "wb");
	if (!out || fwrite(b->data, 1, b->len, out) != b->len || fclose(out)) {
		perror(path);
		exit(1);
	}
}

static void take(const struct config *config, const char *path, const char *dir, int number)
{
	struct scan_picture p;
	size_t size;
	int fd = upload(path, &size);
	double from = spent_ms();
	enum scan_result result = scan_normalise(config, fd, size, false, &p);

	printf("%s %.1f %u %d %d %016llx\n", names[result], spent_ms() - from, p.marks, p.width_px,
	       p.height_px, (unsigned long long)p.phash);
	if (dir && result == SCAN_TAKEN) {
		save(dir, number, "full", &p.full);
		save(dir, number, "thumb", &p.thumb);
	}
	scan_picture_release(&p);
	close(fd);
}

int main(int argc, char **argv)
{
	struct buffer why = BUFFER_INIT;
	struct config *config = argc > 1 ? config_load(argv[1], &why) : NULL;
	const char *dir = NULL;
	struct rusage usage;
	int i = 2, number = 0;

	if (!config) {
		fprintf(stderr, "usage: take CONFIG [-o DIR] FILE...\n%s", buffer_text(&why));
		return 2;
	}
	log_identify("t/scan/take", "-");
	if (argc > 3 && !strcmp(argv[2], "-o")) {
		dir = argv[3];
		i = 4;
	}
	for (; i < argc; i++)
		take(config, argv[i], dir, number++);
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("peak %ld\n", usage.ru_maxrss);
	return 0;
}
