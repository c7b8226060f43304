/* plan.h: which pictures of the clip become key frames, and the pictures that
 * came of it. */
#ifndef VIDEO_PLAN_H
#define VIDEO_PLAN_H

#include "video/video.h"

#define VIDEO_CLIP_FPS 15

/* Pictures of the clip, by number, each with the action it shows. */
struct video_plan {
	int count;
	struct {
		int number, action;
	} at[VIDEO_FRAMES_MAX];
};

/* In rising order, each number once. */
void video_plan_make(const int *marks_ms, int mark_count, struct video_plan *);
/* A filter that lets only those pass. */
void video_plan_filter(const struct video_plan *, struct buffer *out);
/* Cuts the JPEGs that came, one behind the other, into result->frame. False
 * when they are none or something else, or more than were asked for. */
bool video_plan_cut(const struct video_plan *, const void *data, size_t n, struct video_result *);
/* Whether each action has a frame. */
bool video_plan_is_met(const struct video_result *, int mark_count);

/* A size that fits: the short side at most `short_px` when it is not 0, the long
 * one at most `long_px` when that is not; even, never larger. */
void video_plan_size(int *width_px, int *height_px, int short_px, int long_px);

#endif
