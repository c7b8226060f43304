/* video-header.c: the walk over a recording before ffprobe sees it, and the two
 * other parsers of what comes back: ffprobe's lines and a stream of JPEGs. */
#include "video/head.h"
#include "video/plan.h"
#include "video/probe.h"

#include "base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const uint8_t *data, size_t size)
{
	struct video_head h;
	enum video_verdict verdict = video_head_read(data, size, &h);

	if (h.container != video_sniff(data, size) && verdict != VIDEO_TOO_LARGE && size)
		abort();
	if (verdict != VIDEO_OK)
		return;
	if (h.container == VIDEO_UNKNOWN || h.duration_ms < -1 || h.width_px < 0 ||
	    h.height_px < 0 || (h.matrix_at && h.matrix_at + 36 > size))
		abort();
}

static void read_probe(const uint8_t *data, size_t size)
{
	char *text = xmemdup0(data, size);
	struct video_probe p;

	video_probe_read(text, &p);
	if (p.turn < 0 || p.turn > 3 || p.width_px < 0 || p.height_px < 0 ||
	    video_probe_judge(&p) >= VIDEO_VERDICT_COUNT)
		abort();
	free(text);
}

static void cut(const uint8_t *data, size_t size)
{
	struct video_plan p = { .count = 3, .at = { { 3, -1 }, { 20, 0 }, { 30, 0 } } };
	struct video_result r = { .clip = BUFFER_INIT };
	size_t sum = 0;

	if (video_plan_cut(&p, data, size, &r)) {
		for (int i = 0; i < r.frame_count; i++)
			sum += r.frame[i].jpeg.len;
		if (sum != size || r.frame_count > p.count)
			abort();
	}
	video_result_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	walk(data, size);
	read_probe(data, size);
	cut(data, size);
	return 0;
}
