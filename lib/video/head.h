/* head.h: what a recording says about itself, before any decoder sees it.
 *
 * Pure functions over bytes from outside: ISO base media (ISO/IEC 14496-12) is
 * walked box by box, EBML (RFC 8794) element by element, so that only whole
 * files with a recording in them, and nothing beside it, reach ffprobe. Refused are
 * references to other files (dref), compressed heads (cmov) and attachments.
 * Fuzz target: t/fuzz/video-header.c. */
#ifndef VIDEO_HEAD_H
#define VIDEO_HEAD_H

#include "video/video.h"

struct video_head {
	enum video_container container;
	int64_t duration_ms; /* ISO: of the whole; -1 when not said */
	int width_px, height_px; /* ISO: of the greatest track as shown; 0: not said */
	size_t matrix_at; /* ISO: where it says how that track is to be turned; 0: nowhere */
	bool sound;
};

/* VIDEO_OK and the head, or VIDEO_EMPTY, _TOO_LARGE, _NOT_A_VIDEO, _BROKEN. */
enum video_verdict video_head_read(const void *data, size_t n, struct video_head *);

/* The parts; for head.c alone. */
bool video_iso_is_video(const uint8_t *data, size_t n);
bool video_ebml_is_video(const uint8_t *data, size_t n);
enum video_verdict video_iso_walk(const uint8_t *data, size_t n, struct video_head *);
enum video_verdict video_ebml_walk(const uint8_t *data, size_t n, struct video_head *);

#endif
