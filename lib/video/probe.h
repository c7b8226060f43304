/* probe.h: what ffprobe says of a video.
 *
 * Its lines (key=value, [SECTION], [/SECTION]) are as little believed as the
 * video: it has read what a stranger sent. They need no library, which JSON would. */
#ifndef VIDEO_PROBE_H
#define VIDEO_PROBE_H

#include "video/video.h"

struct video_probe {
	int videos; /* tracks of pictures */
	int width_px, height_px; /* of the first, as stored */
	int turn; /* quarter turns to the right that make it upright: 0 to 3 */
	bool known; /* its codec is one of those that are decoded */
	bool sound; /* there is sound of a known codec in the first track of sound */
	int64_t duration_ms; /* -1 when not said */
	int64_t pictures; /* packets of the first track of pictures; 0 when not counted */
};

/* For -codec_whitelist. */
#define VIDEO_CODECS "h264,hevc,vp8,libvpx,vp9,libvpx-vp9,aac,opus,libopus,vorbis"
/* For -show_entries: what video_probe_read() knows. */
#define VIDEO_ENTRIES                                                                  \
	"stream=codec_type,codec_name,width,height,nb_read_packets:stream_tags=rotate" \
	":stream_side_data=rotation:format=duration"

void video_probe_read(const char *text, struct video_probe *);
/* VIDEO_OK when it is worth decoding. */
enum video_verdict video_probe_judge(const struct video_probe *);

#endif
