/* run.h: runs ffprobe or ffmpeg behind video-seal and collects what it says.
 *
 * Its standard output is kept up to a limit, its standard error is read for a
 * word or two and forgotten: it may quote what a stranger wrote. */
#ifndef VIDEO_RUN_H
#define VIDEO_RUN_H

#include "base/buffer.h"

/* As the sealed program sees them. */
#define VIDEO_FD_RECORDING 3 /* the upload */
#define VIDEO_FD_CLIP 4 /* where the clip goes */
#define VIDEO_PATH_RECORDING "file:/proc/self/fd/3"
#define VIDEO_PATH_CLIP "file:/proc/self/fd/4"

/* Ends of video-seal itself; ffmpeg has others. */
#define VIDEO_EXIT_UNSEALED 117
#define VIDEO_EXIT_NO_PROGRAM 118

enum video_end {
	VIDEO_END_GOOD, /* exit status 0 */
	VIDEO_END_BAD, /* it gave up */
	VIDEO_END_LIMIT, /* time, memory or size of output */
	VIDEO_END_KILLED, /* a crash, or a call that the seal forbids */
	VIDEO_END_FAULT, /* could not be started or sealed; logged */
};

struct video_run {
	const char *seal; /* the program video-seal */
	const char *const *argv; /* argv[0] is the program's path; ends with NULL */
	int recording, clip; /* memory files; clip is -1 for none */
	int64_t end_ms; /* video_now_ms() by which it must be done */
	size_t out_max;
	struct buffer out; /* what it said, given back; the caller releases it */
	const char *why; /* a fixed word for the log, given back */
};

enum video_end video_run(struct video_run *);
/* A monotonic clock. */
int64_t video_now_ms(void);
/* An empty memory file that children do not inherit; -1 when there is none. */
int video_memory_file(void);

#endif
