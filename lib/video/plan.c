/* plan.c: from marks to numbers of pictures, and from a stream of JPEGs to frames. */
#include "video/plan.h"

#define START_MS 200 /* the first pictures of a camera are dark */

static int number_of(int ms)
{
	return (int)(((int64_t)ms * VIDEO_CLIP_FPS + 500) / 1000);
}

/* Before the rows that are later; a number that is there goes to the action
 * that was asked for last. */
static void put(struct video_plan *p, int number, int action)
{
	int i = p->count, k;

	while (i > 0 && p->at[i - 1].number > number)
		i--;
	if (i > 0 && p->at[i - 1].number == number) {
		p->at[i - 1].action = action;
		return;
	}
	for (k = p->count++; k > i; k--)
		p->at[k] = p->at[k - 1];
	p->at[i].number = number;
	p->at[i].action = action;
}

/* When a picture of an action is taken; none where the next action is already
 * being followed. */
static void put_action(struct video_plan *p, const int *marks_ms, int mark_count, int i)
{
	static const int after_ms[VIDEO_FRAMES_PER_ACTION] = { 500, 1200, 2000 };
	int mark = marks_ms[i] < 0 ? 0 : marks_ms[i], k;

	for (k = 0; k < VIDEO_FRAMES_PER_ACTION && mark < VIDEO_LONGEST_MS; k++) {
		int64_t at = mark + after_ms[k];

		if (i + 1 < mark_count && at >= (int64_t)marks_ms[i + 1] + after_ms[0])
			break;
		put(p, number_of(mark + after_ms[k]), i);
	}
}

void video_plan_make(const int *marks_ms, int mark_count, struct video_plan *p)
{
	int i;

	*p = (struct video_plan){ .count = 0 };
	if (mark_count > VIDEO_ACTIONS_MAX)
		mark_count = VIDEO_ACTIONS_MAX;
	put(p, number_of(START_MS), VIDEO_ACTION_NONE);
	for (i = 0; i < mark_count; i++)
		put_action(p, marks_ms, mark_count, i);
}

void video_plan_filter(const struct video_plan *p, struct buffer *out)
{
	int i;

	buffer_puts(out, "select='");
	for (i = 0; i < p->count; i++)
		buffer_printf(out, "%seq(n,%d)", i ? "+" : "", p->at[i].number);
	buffer_puts(out, "'");
}

static unsigned be16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static bool is_frame_head(int marker)
{
	return marker >= 0xc0 && marker <= 0xc2;
}

/* The length of the JPEG (ITU-T T.81) that begins here, 0 when it is none. */
static size_t jpeg_length(const uint8_t *d, size_t n, int *width_px, int *height_px)
{
	size_t at = 2;

	*width_px = *height_px = 0;
	if (n < 4 || d[0] != 0xff || d[1] != 0xd8)
		return 0;
	for (;;) {
		size_t len;

		if (n - at < 4 || d[at] != 0xff)
			return 0;
		len = be16(d + at + 2);
		if (len < 2 || len > n - at - 2)
			return 0;
		if (is_frame_head(d[at + 1]) && len >= 8) {
			*height_px = (int)be16(d + at + 5);
			*width_px = (int)be16(d + at + 7);
		}
		at += 2 + len;
		if (d[at - len - 1] == 0xda)
			break;
	}
	/* no FF D9 stands in coded data */
	for (; n - at >= 2; at++)
		if (d[at] == 0xff && d[at + 1] == 0xd9)
			return *width_px && *height_px ? at + 2 : 0;
	return 0;
}

bool video_plan_cut(const struct video_plan *p, const void *data, size_t n,
		    struct video_result *result)
{
	const uint8_t *at = data;

	result->frame_count = 0;
	while (n) {
		struct video_frame *f = &result->frame[result->frame_count];
		int k = result->frame_count, width, height;
		size_t length = jpeg_length(at, n, &width, &height);

		if (!length || length > VIDEO_FRAME_MAX || k >= p->count ||
		    width > VIDEO_FRAME_PX || height > VIDEO_FRAME_PX)
			return false;
		*f = (struct video_frame){ .jpeg = BUFFER_INIT,
					   .at_ms = p->at[k].number * 1000 / VIDEO_CLIP_FPS,
					   .action = p->at[k].action,
					   .width_px = width,
					   .height_px = height };
		buffer_add(&f->jpeg, at, length);
		result->frame_count++;
		at += length;
		n -= length;
	}
	return result->frame_count > 0;
}

bool video_plan_is_met(const struct video_result *result, int mark_count)
{
	int action, i;

	for (action = 0; action < mark_count; action++) {
		for (i = 0; i < result->frame_count; i++)
			if (result->frame[i].action == action)
				break;
		if (i == result->frame_count)
			return false;
	}
	return true;
}

static int even(int64_t side)
{
	return side < 2 ? 2 : (int)(side & ~(int64_t)1);
}

void video_plan_size(int *width_px, int *height_px, int short_px, int long_px)
{
	int64_t w = *width_px, h = *height_px;
	int64_t small = w < h ? w : h, large = w < h ? h : w;

	if (short_px && small > short_px) {
		w = (w * short_px + small / 2) / small;
		h = (h * short_px + small / 2) / small;
		large = w < h ? h : w;
	}
	if (long_px && large > long_px) {
		w = (w * long_px + large / 2) / large;
		h = (h * long_px + large / 2) / large;
	}
	*width_px = even(w);
	*height_px = even(h);
}
