/* take.c: for the tests: hands recordings to video_normalise().
 *
 *     take CONFIG [-o DIR] [-m MS,MS,...] FILE...
 *
 * One line a file: verdict, milliseconds on the clock and of processor time,
 * length in ms, width, height, sound (0 or 1), frames as action@ms. With -o the
 * clip goes to DIR/N.mp4 and the frames to DIR/N-K.jpg, N and K from 0. The last
 * line has the peak memory of the greatest child in KiB. */
#include "base/config.h"
#include "base/log.h"
#include "video/video.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

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

static double clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void save(const char *path, const struct buffer *b)
{
	FILE *out = fopen(path, "wb");

	if (!out || fwrite(b->data, 1, b->len, out) != b->len || fclose(out)) {
		perror(path);
		exit(1);
	}
}

static void save_all(const char *dir, int number, const struct video_result *r)
{
	char path[4096];
	int i;

	snprintf(path, sizeof(path), "%s/%d.mp4", dir, number);
	save(path, &r->clip);
	for (i = 0; i < r->frame_count; i++) {
		snprintf(path, sizeof(path), "%s/%d-%d.jpg", dir, number, i);
		save(path, &r->frame[i].jpeg);
	}
}

struct order {
	const struct config *config;
	const char *dir;
	int marks[VIDEO_ACTIONS_MAX], mark_count;
};

static void take(const struct order *o, const char *path, int number)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), i;
	double cpu = spent_ms(), from = clock_ms();
	enum video_verdict verdict;
	struct video_result r;
	void *data = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		perror(path);
		exit(1);
	}
	if (st.st_size)
		data = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	verdict = video_normalise(o->config, data, (size_t)st.st_size, o->marks, o->mark_count, &r);
	printf("%s %.0f %.0f %d %d %d %d", video_verdict_names[verdict], clock_ms() - from,
	       spent_ms() - cpu, r.duration_ms, r.width_px, r.height_px, r.sound);
	for (i = 0; i < r.frame_count; i++)
		printf(" %d@%d", r.frame[i].action, r.frame[i].at_ms);
	printf("\n");
	if (o->dir && verdict == VIDEO_OK)
		save_all(o->dir, number, &r);
	video_result_release(&r);
	if (data)
		munmap(data, (size_t)st.st_size);
	close(fd);
}

static void read_marks(struct order *o, const char *text)
{
	char *end;

	while (*text && o->mark_count < VIDEO_ACTIONS_MAX) {
		o->marks[o->mark_count++] = (int)strtol(text, &end, 10);
		text = end + (*end == ',');
	}
}

int main(int argc, char **argv)
{
	struct buffer why = BUFFER_INIT;
	struct config *config = argc > 1 ? config_load(argv[1], &why) : NULL;
	struct order o = { .config = config };
	int option, number = 0;
	struct rusage usage;

	if (!config) {
		fprintf(stderr, "usage: take CONFIG [-o DIR] [-m MS,...] FILE...\n%s",
			buffer_text(&why));
		return 2;
	}
	log_identify("t/video/take", "-");
	for (argv++, argc--; (option = getopt(argc, argv, "o:m:")) > 0;) {
		if (option == 'o')
			o.dir = optarg;
		else if (option == 'm')
			read_marks(&o, optarg);
		else
			return 2;
	}
	for (; optind < argc; optind++)
		take(&o, argv[optind], number++);
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("peak %ld\n", usage.ru_maxrss);
	config_free(config);
	buffer_release(&why);
	return 0;
}
