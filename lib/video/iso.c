/* iso.c: walks the boxes of MP4, MOV and 3GP. */
#include "video/head.h"

#define BOXES_MAX 200000 /* a minute in fragments of one picture each has 7,200 */
#define TRACKS_MAX 16
#define FTYP_MAX 1024
#define TYPE(a, b, c, d) ((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

enum {
	FTYP = TYPE('f', 't', 'y', 'p'),
	MOOV = TYPE('m', 'o', 'o', 'v'),
	MDAT = TYPE('m', 'd', 'a', 't'),
	CMOV = TYPE('c', 'm', 'o', 'v'),
	MVHD = TYPE('m', 'v', 'h', 'd'),
	TRAK = TYPE('t', 'r', 'a', 'k'),
	TKHD = TYPE('t', 'k', 'h', 'd'),
	MDIA = TYPE('m', 'd', 'i', 'a'),
	HDLR = TYPE('h', 'd', 'l', 'r'),
	MINF = TYPE('m', 'i', 'n', 'f'),
	DINF = TYPE('d', 'i', 'n', 'f'),
	DREF = TYPE('d', 'r', 'e', 'f'),
	VIDE = TYPE('v', 'i', 'd', 'e'),
	SOUN = TYPE('s', 'o', 'u', 'n'),
};

struct span {
	const uint8_t *at;
	size_t n;
};

struct walk {
	const uint8_t *data;
	struct video_head *head;
	enum video_verdict verdict;
	int boxes, tracks, videos;
	bool media; /* an mdat was there */
	uint32_t handler; /* of the track that is being walked */
	struct span tkhd; /* its header */
};

static uint32_t be32(const uint8_t *at)
{
	return TYPE(at[0], at[1], at[2], at[3]);
}

static uint64_t be64(const uint8_t *at)
{
	return (uint64_t)be32(at) << 32 | be32(at + 4);
}

/* Takes the next box off: its type and what is in it. False when it is not
 * whole. Only the last box of a file may leave its size open. */
static bool take(struct span *rest, bool top, uint32_t *type, struct span *body)
{
	uint64_t size;
	size_t head = 8;
	int i;

	if (rest->n < 8)
		return false;
	size = be32(rest->at);
	*type = be32(rest->at + 4);
	if (size == 1 && rest->n >= 16) {
		size = be64(rest->at + 8);
		head = 16;
	} else if (size == 0 && top && *type == MDAT) {
		size = rest->n;
	}
	for (i = 4; i < 8; i++)
		if ((rest->at[i] < 0x20 || rest->at[i] > 0x7e) && rest->at[i] != 0xa9)
			return false;
	if (size < head || size > rest->n)
		return false;
	*body = (struct span){ rest->at + head, (size_t)size - head };
	rest->at += size;
	rest->n -= (size_t)size;
	return true;
}

static bool in_list(uint32_t brand, const char *list)
{
	for (; *list; list += 4)
		if (be32((const uint8_t *)list) == brand)
			return true;
	return false;
}

/* Pictures and sound use the same boxes: a file whose main brand is one of them is
 * no video, whatever its compatible brands are. */
bool video_iso_is_video(const uint8_t *data, size_t n)
{
	static const char videos[] = "isomiso2iso3iso4iso5iso6iso7iso8iso9mp41mp42mp4vavc1hvc1hev1"
				     "qt  M4V M4VHM4VP3gp43gp53gp63gp73gp83gp93g2a3ge6MSNVdash"
				     "vp09NDSCmmp4cmfc";
	static const char others[] = "heicheixheimheishevchevxmif1msf1avifavismiafjpegcrx "
				     "M4A M4B M4P F4A F4B jp2 jpx jxl aax dbyi";
	struct span rest = { data, n }, body;
	uint32_t type;
	size_t at;

	if (n < 16 || be32(data) > FTYP_MAX || !take(&rest, true, &type, &body) || type != FTYP ||
	    body.n < 8 || body.n % 4 || in_list(be32(body.at), others))
		return false;
	for (at = 0; at < body.n; at += at ? 4 : 8)
		if (in_list(be32(body.at + at), videos))
			return true;
	return false;
}

static void refuse(struct walk *w, enum video_verdict verdict)
{
	if (w->verdict == VIDEO_OK)
		w->verdict = verdict;
}

static void movie_head(struct walk *w, struct span b)
{
	bool large = b.n && b.at[0] == 1;
	uint64_t scale, duration;

	if (b.n < (large ? 32U : 20U)) {
		refuse(w, VIDEO_BROKEN);
		return;
	}
	scale = be32(b.at + (large ? 20 : 12));
	duration = large ? be64(b.at + 24) : be32(b.at + 16);
	if (!scale || (!large && duration == UINT32_MAX) || duration > INT64_MAX / 1000)
		return;
	if (duration) /* 0 in fragmented files */
		w->head->duration_ms = (int64_t)(duration * 1000 / scale);
}

/* All of it must lie in this very file. */
static void references(struct walk *w, struct span b)
{
	struct span body;
	uint32_t type;

	if (b.n < 8) {
		refuse(w, VIDEO_BROKEN);
		return;
	}
	b = (struct span){ b.at + 8, b.n - 8 };
	while (b.n && w->verdict == VIDEO_OK) {
		if (++w->boxes > BOXES_MAX || !take(&b, false, &type, &body) || body.n < 4)
			refuse(w, VIDEO_BROKEN);
		else if (!(body.at[3] & 1))
			refuse(w, VIDEO_NOT_A_VIDEO);
	}
}

static int side_of(uint32_t fixed)
{
	return (int)(fixed >> 16);
}

static void track_ends(struct walk *w)
{
	size_t more = w->tkhd.n && w->tkhd.at[0] == 1 ? 12 : 0;
	const uint8_t *at = w->tkhd.at;
	int width, height;

	if (w->handler == SOUN)
		w->head->sound = true;
	if (w->handler != VIDE)
		return;
	w->videos++;
	if (w->tkhd.n < 84 + more)
		return;
	width = side_of(be32(at + 76 + more));
	height = side_of(be32(at + 80 + more));
	if ((int64_t)width * height <= (int64_t)w->head->width_px * w->head->height_px)
		return;
	w->head->width_px = width;
	w->head->height_px = height;
	w->head->matrix_at = (size_t)(at + 40 + more - w->data);
}

static void inside(struct walk *w, uint32_t parent, struct span rest);

static void box(struct walk *w, uint32_t parent, uint32_t type, struct span b)
{
	switch (type) {
	case CMOV:
		refuse(w, VIDEO_BROKEN);
		break;
	case MVHD:
		movie_head(w, b);
		break;
	case TKHD:
		w->tkhd = b;
		break;
	case DREF:
		references(w, b);
		break;
	case HDLR: /* QuickTime has another in minf */
		if (parent == MDIA && b.n >= 12)
			w->handler = be32(b.at + 8);
		break;
	case TRAK:
		w->handler = 0;
		w->tkhd = (struct span){ NULL, 0 };
		if (parent != MOOV || ++w->tracks > TRACKS_MAX)
			refuse(w, VIDEO_BROKEN);
		else
			inside(w, type, b);
		track_ends(w);
		break;
	case MDIA:
	case MINF:
	case DINF:
		/* each in its own place, so this cannot go deeper than they do */
		if (parent == (type == MDIA ? TRAK : type == MINF ? MDIA : MINF))
			inside(w, type, b);
		else
			refuse(w, VIDEO_BROKEN);
		break;
	default:
		break;
	}
}

static void inside(struct walk *w, uint32_t parent, struct span rest)
{
	struct span body;
	uint32_t type;

	while (rest.n && w->verdict == VIDEO_OK) {
		/* QuickTime may end a list with a zero */
		if (rest.n == 4 && !be32(rest.at))
			return;
		if (++w->boxes > BOXES_MAX || !take(&rest, false, &type, &body))
			refuse(w, VIDEO_BROKEN);
		else
			box(w, parent, type, body);
	}
}

enum video_verdict video_iso_walk(const uint8_t *data, size_t n, struct video_head *h)
{
	struct walk w = { .data = data, .head = h, .verdict = VIDEO_OK };
	struct span rest = { data, n }, body;
	bool moov = false;
	uint32_t type;

	while (rest.n && w.verdict == VIDEO_OK) {
		if (++w.boxes > BOXES_MAX || !take(&rest, true, &type, &body))
			return VIDEO_BROKEN;
		w.media |= type == MDAT;
		if (type != MOOV)
			continue;
		if (moov)
			return VIDEO_BROKEN;
		moov = true;
		inside(&w, MOOV, body);
	}
	if (w.verdict != VIDEO_OK)
		return w.verdict;
	if (!moov || !w.media)
		return VIDEO_BROKEN;
	return w.videos ? VIDEO_OK : VIDEO_NOT_A_VIDEO;
}
