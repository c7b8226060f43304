/* normalise.c: one upload: walk, ffprobe, ffmpeg, and what came of it. */
#include "video/head.h"
#include "video/plan.h"
#include "video/probe.h"
#include "video/run.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define PROBE_MAX (64 * 1024) /* what ffprobe may say */
#define AREA_MAX "9437184" /* VIDEO_AREA_MAX_PX in words */
_Static_assert(VIDEO_AREA_MAX_PX == 9437184, "AREA_MAX says the same");
#define ROUNDING_MS 150 /* of the length of a clip, against that of its recording */
#define CLIP_LONG_PX 1280 /* of a recording that is long and thin */

/* One upload on its way. */
struct work {
	const struct config *config;
	struct video_head head;
	struct video_probe probe;
	struct video_plan plan;
	int recording, clip; /* memory files */
	int64_t end_ms;
};

void video_result_release(struct video_result *result)
{
	int i;

	buffer_wipe(&result->clip);
	for (i = 0; i < result->frame_count; i++)
		buffer_wipe(&result->frame[i].jpeg);
	*result = (struct video_result){ .clip = BUFFER_INIT };
}

/* The recording in a memory file that is sealed against writing. */
static bool put_recording(struct work *w, const void *data, size_t n)
{
	const char *at = data;

	w->recording = video_memory_file();
	w->clip = video_memory_file();
	while (w->recording >= 0 && n) {
		ssize_t done = write(w->recording, at, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		at += done;
		n -= (size_t)done;
	}
	return w->recording >= 0 && w->clip >= 0 &&
	       !fcntl(w->recording, F_ADD_SEALS,
		      F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
}

static const char *demuxer(const struct work *w)
{
	return w->head.container == VIDEO_ISO ? "mov" : "matroska";
}

static enum video_verdict verdict_of(enum video_end end)
{
	switch (end) {
	case VIDEO_END_GOOD:
		return VIDEO_OK;
	case VIDEO_END_LIMIT:
		return VIDEO_TOO_COSTLY;
	case VIDEO_END_FAULT:
		return VIDEO_FAULT;
	case VIDEO_END_BAD:
	case VIDEO_END_KILLED:
		break;
	}
	return VIDEO_BROKEN;
}

static enum video_verdict probe(struct work *w)
{
	const char *const argv[] = {
		config_text(w->config, "video_ffprobe"),
		"-hide_banner",
		"-v",
		"error",
		"-protocol_whitelist",
		"file",
		"-f",
		demuxer(w),
		"-codec_whitelist",
		VIDEO_CODECS,
		"-count_packets",
		"-show_entries",
		VIDEO_ENTRIES,
		"-of",
		"default",
		"-i",
		VIDEO_PATH_RECORDING,
		NULL,
	};
	struct video_run run = { .seal = config_text(w->config, "video_seal"),
				 .argv = argv,
				 .recording = w->recording,
				 .clip = -1,
				 .end_ms = w->end_ms,
				 .out_max = PROBE_MAX,
				 .out = BUFFER_INIT };
	enum video_verdict verdict = verdict_of(video_run(&run));

	if (verdict == VIDEO_OK) {
		video_probe_read(buffer_text(&run.out), &w->probe);
		verdict = video_probe_judge(&w->probe);
	} else if (verdict != VIDEO_FAULT) {
		log_line(LOG_REFUSED, "video.refused", "step=probe reason=%s", run.why);
	}
	buffer_wipe(&run.out);
	return verdict;
}

/* One decoding for both: at a steady pace from time 0, so that the number of a
 * picture says when it was; smaller before it is turned, which is cheaper. A recording that
 * changes its size on the way is scaled to the one it began with. */
static void filters(const struct work *w, struct buffer *out)
{
	static const char *const turn[] = { "", "transpose=clock,", "hflip,vflip,",
					    "transpose=cclock," };
	int width = w->probe.width_px, height = w->probe.height_px, frame_width, frame_height;

	video_plan_size(&width, &height, VIDEO_CLIP_PX, CLIP_LONG_PX);
	buffer_printf(out,
		      "[0:v:0]fps=%d:start_time=0,scale=%d:%d:flags=bilinear,setsar=1,%s"
		      "format=yuv420p,split[c][s];[s]",
		      VIDEO_CLIP_FPS, width, height, turn[w->probe.turn]);
	frame_width = w->probe.turn % 2 ? height : width;
	frame_height = w->probe.turn % 2 ? width : height;
	video_plan_size(&frame_width, &frame_height, 0, VIDEO_FRAME_PX);
	video_plan_filter(&w->plan, out);
	buffer_printf(out, ",scale=%d:%d:out_range=pc,format=yuvj420p[f]", frame_width,
		      frame_height);
}

#define IN_FLAGS(w, longest)                                                                    \
	"-hide_banner", "-nostdin", "-nostats", "-v", "error", "-y", "-filter_threads", "1",    \
		"-filter_complex_threads", "1", "-threads", "1", "-protocol_whitelist", "file", \
		"-codec_whitelist", VIDEO_CODECS, "-max_pixels", AREA_MAX, "-noautorotate",     \
		"-reinit_filter", "0", "-t", longest, "-f", demuxer(w), "-i", VIDEO_PATH_RECORDING
#define CLIP_FLAGS                                                                                \
	"-map", "[c]", "-c:v", "libx264", "-preset", "superfast", "-crf", "30", "-maxrate", "1M", \
		"-bufsize", "2M", "-g", "30", "-threads", "1", "-map_metadata", "-1",             \
		"-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact",           \
		"-movflags", "+faststart", "-f", "mp4"
#define SOUND_FLAGS                                                                            \
	"-map", "0:a:0", "-c:a", "aac", "-ac", "1", "-ar", "16000", "-b:a", "24k", "-flags:a", \
		"+bitexact"
#define FRAME_FLAGS                                                                               \
	"-map", "[f]", "-fps_mode", "passthrough", "-c:v", "mjpeg", "-q:v", "4", "-threads", "1", \
		"-flags:v", "+bitexact", "-f", "image2pipe", "pipe:1"

static enum video_end transcode(struct work *w, const char *filter, struct video_run *run)
{
	const char *const program = config_text(w->config, "video_ffmpeg");
	const char *const with_sound[] = {
		program,     IN_FLAGS(w, "61"), "-filter_complex", filter, CLIP_FLAGS,
		SOUND_FLAGS, VIDEO_PATH_CLIP,   FRAME_FLAGS,       NULL,
	};
	const char *const silent[] = {
		program, IN_FLAGS(w, "61"), "-filter_complex", filter, CLIP_FLAGS,
		"-an",   VIDEO_PATH_CLIP,   FRAME_FLAGS,       NULL,
	};

	run->argv = w->probe.sound ? with_sound : silent;
	return video_run(run);
}

/* Takes the clip if it is what was ordered. Its pictures are upright, though
 * ffmpeg writes down again what the recording had said of itself. */
static bool take_clip(const struct work *w, struct video_result *result)
{
	static const uint8_t upright[36] = { [1] = 1, [17] = 1, [32] = 0x40 };
	off_t size = lseek(w->clip, 0, SEEK_END);
	struct video_head head;
	void *data;
	bool good;

	if (size <= 0 || size > VIDEO_CLIP_MAX)
		return false;
	data = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, w->clip, 0);
	if (data == MAP_FAILED)
		return false;
	good = video_head_read(data, (size_t)size, &head) == VIDEO_OK &&
	       head.container == VIDEO_ISO && head.duration_ms >= 0 && head.matrix_at &&
	       head.width_px > 0 && head.width_px <= CLIP_LONG_PX && head.height_px > 0 &&
	       head.height_px <= CLIP_LONG_PX;
	if (good) {
		buffer_add(&result->clip, data, (size_t)size);
		memcpy(result->clip.data + head.matrix_at, upright, sizeof(upright));
		result->duration_ms = (int)head.duration_ms;
		result->width_px = head.width_px;
		result->height_px = head.height_px;
		result->sound = head.sound;
	}
	munmap(data, (size_t)size);
	return good;
}

static enum video_verdict judge(const struct work *w, const struct video_run *run, int mark_count,
				struct video_result *result)
{
	if (!run->out.len)
		return VIDEO_NO_FRAMES;
	if (!video_plan_cut(&w->plan, run->out.data, run->out.len, result) ||
	    !take_clip(w, result)) {
		log_line(LOG_REFUSED, "video.refused", "step=convert reason=not-as-ordered");
		return VIDEO_BROKEN;
	}
	if (result->duration_ms > VIDEO_LONGEST_MS + ROUNDING_MS)
		return VIDEO_TOO_LONG;
	if (result->duration_ms < VIDEO_SHORTEST_MS - ROUNDING_MS ||
	    !video_plan_is_met(result, mark_count))
		return VIDEO_TOO_SHORT;
	return VIDEO_OK;
}

static enum video_verdict convert(struct work *w, int mark_count, struct video_result *result)
{
	struct video_run run = { .seal = config_text(w->config, "video_seal"),
				 .recording = w->recording,
				 .clip = w->clip,
				 .end_ms = w->end_ms,
				 .out_max = (size_t)w->plan.count * VIDEO_FRAME_MAX,
				 .out = BUFFER_INIT };
	struct buffer filter = BUFFER_INIT;
	enum video_verdict verdict;

	filters(w, &filter);
	verdict = verdict_of(transcode(w, buffer_text(&filter), &run));
	if (verdict == VIDEO_OK)
		verdict = judge(w, &run, mark_count, result);
	else if (verdict != VIDEO_FAULT)
		log_line(LOG_REFUSED, "video.refused", "step=convert reason=%s", run.why);
	buffer_release(&filter);
	buffer_wipe(&run.out);
	return verdict;
}

enum video_verdict video_normalise(const struct config *config, const void *data, size_t n,
				   const int *marks_ms, int mark_count, struct video_result *result)
{
	struct work w = { .config = config,
			  .recording = -1,
			  .clip = -1,
			  .end_ms = video_now_ms() + VIDEO_NORMALISE_S * 1000 };
	enum video_verdict verdict = video_head_read(data, n, &w.head);

	*result = (struct video_result){ .clip = BUFFER_INIT };
	if (verdict != VIDEO_OK)
		return verdict;
	video_plan_make(marks_ms, mark_count, &w.plan);
	verdict = VIDEO_FAULT;
	if (put_recording(&w, data, n))
		verdict = probe(&w);
	else
		log_line(LOG_FAULT, "video.fault", "reason=memory-file errno=%d", errno);
	if (verdict == VIDEO_OK)
		verdict = convert(&w, mark_count, result);
	if (verdict != VIDEO_OK)
		video_result_release(result);
	if (w.recording >= 0)
		close(w.recording);
	if (w.clip >= 0)
		close(w.clip);
	return verdict;
}
