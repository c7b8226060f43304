/* ebml.c: walks the elements of WebM and Matroska. */
#include "video/head.h"

#define ELEMENTS_MAX 1000000
#define TRACKS_MAX 16
#define HEADER_MAX 1024
#define OPEN_SIZE UINT64_MAX /* a live recorder does not know yet */

enum {
	EBML = 0x1a45dfa3,
	DOC_TYPE = 0x4282,
	MAX_ID_LENGTH = 0x42f2,
	MAX_SIZE_LENGTH = 0x42f3,
	SEGMENT = 0x18538067,
	SEEK_HEAD = 0x114d9b74,
	INFO = 0x1549a966,
	TRACKS = 0x1654ae6b,
	CLUSTER = 0x1f43b675,
	CUES = 0x1c53bb6b,
	CHAPTERS = 0x1043a770,
	TAGS = 0x1254c367,
	ATTACHMENTS = 0x1941a469,
	TRACK_ENTRY = 0xae,
	TRACK_TYPE = 0x83,
	EMPTY = 0xec,
	CRC = 0xbf,
};

/* The elements of a cluster. */
enum {
	TIMESTAMP = 0xe7,
	POSITION = 0xa7,
	PREVIOUS_SIZE = 0xab,
	SIMPLE_BLOCK = 0xa3,
	BLOCK_GROUP = 0xa0,
	SILENT_TRACKS = 0x5854,
};

struct span {
	const uint8_t *at;
	size_t n;
};

struct element {
	uint32_t id;
	uint64_t size; /* OPEN_SIZE */
	struct span body; /* empty when the size is open */
};

/* A number that says in its first bits how many bytes it has; those bits stay
 * in an id and are taken out of a size. 0 when there is none. */
static size_t number(struct span s, size_t max, bool keep, uint64_t *value)
{
	size_t n = 1, i;
	uint64_t v, all;

	if (!s.n || !s.at[0])
		return 0;
	while (!(s.at[0] & 0x80 >> (n - 1)))
		n++;
	if (n > max || n > s.n)
		return 0;
	v = keep ? s.at[0] : s.at[0] & (0x7fU >> (n - 1));
	for (i = 1; i < n; i++)
		v = v << 8 | s.at[i];
	all = (UINT64_C(1) << 7 * n) - 1;
	*value = !keep && v == all ? OPEN_SIZE : v;
	return n;
}

/* Takes the next element off, the whole of it, or only its head when its size
 * is open. False when it is not whole. */
static bool take(struct span *rest, struct element *e)
{
	uint64_t id;
	size_t n = number(*rest, 4, true, &id), m;

	if (!n)
		return false;
	e->id = (uint32_t)id;
	*rest = (struct span){ rest->at + n, rest->n - n };
	m = number(*rest, 8, false, &e->size);
	if (!m)
		return false;
	*rest = (struct span){ rest->at + m, rest->n - m };
	e->body = (struct span){ rest->at, 0 };
	if (e->size == OPEN_SIZE)
		return true;
	if (e->size > rest->n)
		return false;
	e->body.n = (size_t)e->size;
	*rest = (struct span){ rest->at + e->body.n, rest->n - e->body.n };
	return true;
}

static uint64_t whole_number(struct span s)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < s.n && i < 8; i++)
		v = v << 8 | s.at[i];
	return v;
}

static bool is_word(struct span s, const char *word)
{
	size_t n = strlen(word), i;

	if (s.n < n || memcmp(s.at, word, n) != 0)
		return false;
	for (i = n; i < s.n; i++)
		if (s.at[i])
			return false;
	return true;
}

/* The header and what comes behind it. */
static bool header(const uint8_t *data, size_t n, struct span *rest)
{
	struct element e, in;
	struct span body;
	bool known = false;

	*rest = (struct span){ data, n };
	if (n < 4 || memcmp(data, "\x1a\x45\xdf\xa3", 4) != 0 || !take(rest, &e) ||
	    e.size > HEADER_MAX)
		return false;
	for (body = e.body; body.n;) {
		if (!take(&body, &in) || in.size == OPEN_SIZE)
			return false;
		if (in.id == DOC_TYPE)
			known = is_word(in.body, "webm") || is_word(in.body, "matroska");
		if ((in.id == MAX_ID_LENGTH && whole_number(in.body) > 4) ||
		    (in.id == MAX_SIZE_LENGTH && whole_number(in.body) > 8))
			return false;
	}
	return known;
}

bool video_ebml_is_video(const uint8_t *data, size_t n)
{
	struct span rest;

	return header(data, n, &rest);
}

/* The type of one track; 0 when it is not said. */
static uint64_t track_type(struct span track)
{
	struct element e;
	uint64_t type = 0;

	while (track.n && take(&track, &e) && e.size != OPEN_SIZE)
		if (e.id == TRACK_TYPE)
			type = whole_number(e.body);
	return type;
}

static enum video_verdict tracks(struct span list, struct video_head *h)
{
	struct element e;
	int count = 0, videos = 0;

	while (list.n) {
		if (!take(&list, &e) || e.size == OPEN_SIZE || ++count > TRACKS_MAX)
			return VIDEO_BROKEN;
		if (e.id != TRACK_ENTRY)
			continue;
		videos += track_type(e.body) == 1;
		h->sound |= track_type(e.body) == 2;
	}
	return videos ? VIDEO_OK : VIDEO_NOT_A_VIDEO;
}

static bool is_known(uint32_t id)
{
	static const uint32_t known[] = {
		SEEK_HEAD, INFO,     CUES,          CHAPTERS,     TAGS,        EMPTY,         CRC,
		TIMESTAMP, POSITION, PREVIOUS_SIZE, SIMPLE_BLOCK, BLOCK_GROUP, SILENT_TRACKS,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i] == id)
			return true;
	return false;
}

/* Clusters are entered rather than passed, so that one of open size needs no
 * end: what stands in it and what stands beside it have different ids. */
static enum video_verdict segment(struct span rest, struct video_head *h)
{
	enum video_verdict verdict = VIDEO_BROKEN;
	bool described = false, pictures = false;
	struct span before;
	struct element e;
	int count = 0;

	while (rest.n) {
		before = rest;
		if (++count > ELEMENTS_MAX || !take(&rest, &e))
			return VIDEO_BROKEN;
		if (e.id == CLUSTER) {
			rest = (struct span){ e.body.at,
					      before.n - (size_t)(e.body.at - before.at) };
			pictures = true;
		} else if (e.id == ATTACHMENTS) {
			return VIDEO_NOT_A_VIDEO;
		} else if (e.size == OPEN_SIZE || (e.id == TRACKS && (described || pictures))) {
			return VIDEO_BROKEN;
		} else if (e.id == TRACKS) {
			described = true;
			verdict = tracks(e.body, h);
		} else if (!is_known(e.id)) {
			return VIDEO_BROKEN;
		}
	}
	return verdict == VIDEO_OK && !pictures ? VIDEO_BROKEN : verdict;
}

enum video_verdict video_ebml_walk(const uint8_t *data, size_t n, struct video_head *h)
{
	struct element e;
	struct span rest;

	if (!header(data, n, &rest))
		return VIDEO_NOT_A_VIDEO;
	do {
		if (!take(&rest, &e))
			return VIDEO_BROKEN;
	} while (e.id == EMPTY && e.size != OPEN_SIZE);
	if (e.id != SEGMENT)
		return VIDEO_BROKEN;
	if (e.size == OPEN_SIZE)
		return segment(rest, h);
	return rest.n ? VIDEO_BROKEN : segment(e.body, h);
}
