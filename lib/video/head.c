/* head.c: which container it is, by its first bytes. */
#include "video/head.h"

enum video_container video_sniff(const void *data, size_t n)
{
	if (video_iso_is_video(data, n))
		return VIDEO_ISO;
	if (video_ebml_is_video(data, n))
		return VIDEO_MATROSKA;
	return VIDEO_UNKNOWN;
}

const char *video_media_type(enum video_container container)
{
	switch (container) {
	case VIDEO_ISO:
		return "video/mp4";
	case VIDEO_MATROSKA:
		return "video/webm";
	case VIDEO_UNKNOWN:
		break;
	}
	return NULL;
}

enum video_verdict video_head_read(const void *data, size_t n, struct video_head *h)
{
	*h = (struct video_head){ .container = VIDEO_UNKNOWN, .duration_ms = -1 };
	if (!n)
		return VIDEO_EMPTY;
	if (n > VIDEO_FILE_MAX)
		return VIDEO_TOO_LARGE;
	h->container = video_sniff(data, n);
	if (h->container == VIDEO_ISO)
		return video_iso_walk(data, n, h);
	if (h->container == VIDEO_MATROSKA)
		return video_ebml_walk(data, n, h);
	return VIDEO_NOT_A_VIDEO;
}
