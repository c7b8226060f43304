/* video.h: the recorded identity check (身份鉴别录像): a phone's clip becomes a
 * small clip for the clerk and key frames for each prompted action.
 *
 * Nothing here decodes a recording. head.h walks the container; normalise.c hands
 * the bytes to ffprobe, then to ffmpeg, both started through the program
 * video-seal, which takes everything from them but memory, their libraries and
 * the descriptors they are given. No temporary file exists at any time: recording
 * in and clip out are memory files, the frames come through a pipe, so no file
 * is left behind when a process is killed.
 *
 * What phones send: MP4 or MOV with H.264 or HEVC and AAC, rotation said in the
 * container; WebM with VP8 or VP9 and Opus, often without a duration. The
 * digits are read aloud, so the clerk's clip keeps its sound. */
#ifndef VIDEO_VIDEO_H
#define VIDEO_VIDEO_H

#include "base/buffer.h"
#include "base/ceilings.h"
#include "base/config.h"

enum video_verdict {
	VIDEO_OK,
	VIDEO_EMPTY, /* 0 bytes */
	VIDEO_TOO_LARGE, /* more than VIDEO_FILE_MAX */
	VIDEO_NOT_A_VIDEO, /* no recording of a known container by its content */
	VIDEO_TOO_LONG, /* more than VIDEO_LONGEST_MS */
	VIDEO_TOO_SHORT, /* less than VIDEO_SHORTEST_MS, or ends before the last action */
	VIDEO_NO_FRAMES, /* a recording without one picture that can be decoded */
	VIDEO_TOO_SMALL, /* short side below VIDEO_SIDE_MIN_PX */
	VIDEO_BROKEN, /* truncated, damaged, or of a codec phones do not use */
	VIDEO_TOO_COSTLY, /* too many pixels, or a limit of time or memory was hit */
	VIDEO_FAULT, /* ours: no sandbox, no ffmpeg; logged */
	VIDEO_VERDICT_COUNT,
};

/* A word for tables and logs, e.g. "too-long". */
extern const char *const video_verdict_names[VIDEO_VERDICT_COUNT];
/* The sentence for the applicant: the error and the next step (Chinese). */
extern const char *const video_verdict_words[VIDEO_VERDICT_COUNT];

enum video_container {
	VIDEO_UNKNOWN,
	VIDEO_ISO, /* ISO base media: MP4, MOV, 3GP (ISO/IEC 14496-12) */
	VIDEO_MATROSKA, /* EBML: WebM, MKV (RFC 8794, RFC 9559) */
};

/* By the first bytes only; pictures (HEIC, AVIF) and pure sound (M4A) of the
 * same family of containers are VIDEO_UNKNOWN. */
enum video_container video_sniff(const void *data, size_t n);
/* For stored clips and uploads: "video/mp4", "video/webm"; NULL when unknown. */
const char *video_media_type(enum video_container);

#define VIDEO_FRAMES_PER_ACTION 3
#define VIDEO_FRAMES_MAX (1 + VIDEO_FRAMES_PER_ACTION * VIDEO_ACTIONS_MAX)

/* action of the frame from the beginning, before anything was asked for */
#define VIDEO_ACTION_NONE (-1)

struct video_frame {
	struct buffer jpeg; /* at most VIDEO_FRAME_PX on the long side, upright */
	int at_ms; /* from the beginning of the recording */
	int action; /* index into the marks, or VIDEO_ACTION_NONE */
	int width_px, height_px;
};

struct video_result {
	struct buffer clip; /* MP4: H.264, AAC; ready to be streamed, no metadata */
	int duration_ms; /* of the clip */
	int width_px, height_px; /* of the clip, upright */
	bool sound; /* false: the digits cannot be heard */
	struct video_frame frame[VIDEO_FRAMES_MAX]; /* in the order of time */
	int frame_count;
};

/* Normalises one upload. `marks_ms` says when each of the `mark_count` (0 to
 * VIDEO_ACTIONS_MAX) actions was shown, in milliseconds from the beginning of
 * the recording, rising. Frames are taken 0.5, 1.2 and 2.0 s after each mark,
 * but not where the next action is already being followed, and one near the
 * beginning. Those behind the end of the recording are left out, yet each action
 * has one when the verdict is VIDEO_OK; else it is VIDEO_TOO_SHORT.
 *
 * `result` is always initialised; without VIDEO_OK it is empty. Blocks for about
 * a second for a clip of six seconds, VIDEO_NORMALISE_S at most. Touches no database and
 * no file; several may run at once. The caller's SIGCHLD must not be ignored. */
enum video_verdict video_normalise(const struct config *, const void *data, size_t n,
				   const int *marks_ms, int mark_count, struct video_result *);
/* Wipes and frees the contents. */
void video_result_release(struct video_result *);

#endif
