/* probe.c: reads and judges what ffprobe says. */
#include "video/probe.h"

#include <errno.h>

#define LINE_MAX_BYTES 256
#define SECONDS_MAX (1e7)

/* The stream whose section is being read. */
struct stream {
	bool video, sound, known_video, known_sound;
	long width, height, rotation;
	int64_t packets;
};

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strcmp(word, list[i]))
			return true;
	return false;
}

static void entry(struct stream *s, struct video_probe *p, const char *key, const char *value)
{
	static const char *const videos[] = { "h264", "hevc", "vp8", "vp9" };
	static const char *const sounds[] = { "aac", "opus", "vorbis" };

	if (!strcmp(key, "codec_type")) {
		s->video = !strcmp(value, "video");
		s->sound = !strcmp(value, "audio");
	} else if (!strcmp(key, "codec_name")) {
		s->known_video = is_one_of(value, videos, ARRAY_SIZE(videos));
		s->known_sound = is_one_of(value, sounds, ARRAY_SIZE(sounds));
	} else if (!strcmp(key, "width")) {
		s->width = strtol(value, NULL, 10);
	} else if (!strcmp(key, "height")) {
		s->height = strtol(value, NULL, 10);
	} else if (!strcmp(key, "nb_read_packets")) {
		s->packets = strtoll(value, NULL, 10);
	} else if (!strcmp(key, "rotation")) {
		s->rotation = -strtol(value, NULL, 10);
	} else if (!strcmp(key, "TAG:rotate")) {
		s->rotation = strtol(value, NULL, 10);
	} else if (!strcmp(key, "duration")) {
		double seconds = strtod(value, NULL);

		if (seconds > 0 && seconds < SECONDS_MAX)
			p->duration_ms = (int64_t)(seconds * 1000);
		else if (seconds >= SECONDS_MAX)
			p->duration_ms = INT64_MAX;
	}
}

static int bounded(long side)
{
	return side < 0 || side > INT32_MAX ? 0 : (int)side;
}

/* Degrees to the right; what is no quarter turn is left as it is. */
static int quarter_turns(long degrees)
{
	long d = ((degrees % 360) + 360) % 360;

	return d % 90 ? 0 : (int)(d / 90);
}

static void stream_ends(const struct stream *s, struct video_probe *p, int *sounds)
{
	if (s->sound && !(*sounds)++)
		p->sound = s->known_sound;
	if (!s->video || p->videos++)
		return;
	p->known = s->known_video;
	p->width_px = bounded(s->width);
	p->height_px = bounded(s->height);
	p->turn = quarter_turns(s->rotation);
	p->pictures = s->packets > 0 ? s->packets : 0;
}

void video_probe_read(const char *text, struct video_probe *p)
{
	struct stream s = { .video = false };
	char line[LINE_MAX_BYTES], *equals;
	int sounds = 0;
	size_t n;

	*p = (struct video_probe){ .duration_ms = -1 };
	for (; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (n >= sizeof(line))
			continue;
		memcpy(line, text, n);
		line[n] = '\0';
		equals = strchr(line, '=');
		if (!strcmp(line, "[STREAM]")) {
			s = (struct stream){ .video = false };
		} else if (!strcmp(line, "[/STREAM]")) {
			stream_ends(&s, p, &sounds);
		} else if (equals) {
			*equals = '\0';
			entry(&s, p, line, equals + 1);
		}
	}
}

enum video_verdict video_probe_judge(const struct video_probe *p)
{
	int side = p->width_px < p->height_px ? p->width_px : p->height_px;
	int64_t area = (int64_t)p->width_px * p->height_px;

	if (!p->videos)
		return VIDEO_NOT_A_VIDEO;
	if (!p->known || side <= 0)
		return VIDEO_BROKEN;
	if (p->width_px > VIDEO_SIDE_MAX_PX || p->height_px > VIDEO_SIDE_MAX_PX ||
	    area > VIDEO_AREA_MAX_PX || p->pictures > VIDEO_WORK_MAX_PX / area)
		return VIDEO_TOO_COSTLY;
	if (side < VIDEO_SIDE_MIN_PX)
		return VIDEO_TOO_SMALL;
	if (p->duration_ms > VIDEO_LONGEST_MS)
		return VIDEO_TOO_LONG;
	if (p->duration_ms >= 0 && p->duration_ms < VIDEO_SHORTEST_MS)
		return VIDEO_TOO_SHORT;
	return VIDEO_OK;
}
