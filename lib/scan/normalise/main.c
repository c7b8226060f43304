/* main.c: scan-normalise: one picture on standard input, one answer on
 * standard output, and no way to anything else in between. */
#include "code.h"
#include "marks.h"
#include "picture.h"
#include "feed.h"
#include "seal.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static void put(const void *data, size_t n)
{
	const char *at = data;

	while (n) {
		ssize_t done = write(STDOUT_FILENO, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			_exit(1);
		at += done;
		n -= (size_t)done;
	}
}

static void NORETURN answer(enum scan_status status, const struct picture *p, unsigned marks)
{
	struct scan_answer a = { .magic = SCAN_ANSWER_MAGIC, .status = status };

	if (status != SCAN_STATUS_TAKEN) {
		put(&a, sizeof(a));
		_exit(0);
	}
	a.phash = marks_phash(&p->grey);
	a.marks = marks;
	a.width_px = (uint32_t)p->width_px;
	a.height_px = (uint32_t)p->height_px;
	memcpy(a.code, p->code, sizeof(a.code));
	a.full_len = (uint32_t)p->full.len;
	a.thumb_len = (uint32_t)p->thumb.len;
	put(&a, sizeof(a));
	put(p->full.data, p->full.len);
	put(p->thumb.data, p->thumb.len);
	_exit(0);
}

/* The parent has walked the file; this program walks it again because it trusts
 * no result from outside the seal. */
static enum scan_status take(struct scan_header *h, struct picture *p)
{
	off_t size = lseek(STDIN_FILENO, 0, SEEK_END);
	struct buffer feed = BUFFER_INIT;
	void *data;

	if (size <= 0 || size > SCAN_FILE_MAX)
		return SCAN_STATUS_REFUSED;
	data = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
	if (data == MAP_FAILED || scan_header_read(data, (size_t)size, h) != SCAN_TAKEN)
		return SCAN_STATUS_REFUSED;
	feed_make(data, h, &feed);
	munmap(data, (size_t)size);
	return picture_make(&feed, h, p);
}

/* The decoder ends with the page that started it, also when that page was killed
 * before this call. */
static void end_with_parent(void)
{
	const char *parent = getenv(SCAN_PARENT);

	if (parent &&
	    (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != (pid_t)strtol(parent, NULL, 10)))
		_exit(1);
}

int main(int argc, char **argv)
{
	struct picture p = { .full = BUFFER_INIT, .thumb = BUFFER_INIT };
	struct scan_header h;
	enum scan_status status;
	unsigned marks = 0;

	end_with_parent();
	p.with_code = argc > 1 && !strcmp(argv[1], SCAN_WITH_CODE);
	picture_warm_up();
	code_warm_up();
	if (!seal())
		answer(SCAN_STATUS_UNSEALED, NULL, 0);
	status = take(&h, &p);
	if (status == SCAN_STATUS_TAKEN) {
		struct marks_figures figures;

		marks_measure(&p.grey, &figures);
		if (p.with_code)
			code_find(&p.grey, &p.whole, p.code);
		marks = marks_of(&figures, h.width_px < h.height_px ? h.width_px : h.height_px);
	}
	answer(status, &p, marks);
}
