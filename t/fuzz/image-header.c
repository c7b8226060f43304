/* image-header.c: the walk over a picture before any decoder sees it. What it
 * takes must be fit for feed.c, which leaves metadata out. */
#include "lib/scan/normalise/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer feed = BUFFER_INIT;
	struct scan_header h;

	if (scan_header_read(data, size, &h) != SCAN_TAKEN)
		return 0;
	if (h.length > size || h.orientation < 1 || h.orientation > 8 ||
	    h.width_px < SCAN_SIDE_MIN_PX || h.width_px > SCAN_SIDE_MAX_PX ||
	    h.height_px < SCAN_SIDE_MIN_PX || h.height_px > SCAN_SIDE_MAX_PX)
		abort();
	feed_make(data, &h, &feed);
	if (feed.len > h.length || feed.len < 4)
		abort();
	buffer_release(&feed);
	return 0;
}
