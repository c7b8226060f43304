/* trailer.c: what phones put behind the end of a JPEG. */
#include "scan/walk.h"

/* A chain of ISO base media boxes (ISO/IEC 14496-12) that begins with ftyp:
 * the video of a motion photo. Gives its length, 0 if it is none. */
static size_t video(const uint8_t *data, size_t n)
{
	size_t at = 0;

	if (n < 16 || memcmp(data + 4, "ftyp", 4))
		return 0;
	while (n - at >= 8) {
		uint64_t size = scan_walk_be32(data + at);
		int i;

		for (i = 4; i < 8; i++)
			if (data[at + i] < ' ' || data[at + i] > '~')
				return at;
		if (size == 1 && n - at >= 16)
			size = (uint64_t)scan_walk_be32(data + at + 8) << 32 |
			       scan_walk_be32(data + at + 12);
		if (size < 8 || size > n - at)
			return at;
		at += size;
	}
	return at;
}

/* Samsung: blocks, then a directory SEFH that says how far in front of it each
 * block begins, its length, SEFT. It is the last thing in the file, so it is read
 * once. Gives where the first block begins, n when there is no directory. */
static size_t samsung(const uint8_t *data, size_t n)
{
	const uint8_t *dir;
	size_t len, front, count, i, far = 0;

	if (n < 20 || memcmp(data + n - 4, "SEFT", 4))
		return n;
	len = scan_walk_le32(data + n - 8);
	if (len < 12 || len > n - 8)
		return n;
	front = n - 8 - len;
	dir = data + front;
	count = scan_walk_le32(dir + 8);
	if (memcmp(dir, "SEFH", 4) || count > 100 || len != 12 + 12 * count)
		return n;
	for (i = 0; i < count; i++) {
		size_t offset = scan_walk_le32(dir + 12 + 12 * i + 4);

		if (offset > far)
			far = offset;
	}
	return far <= front ? front - far : n;
}

/* The part that begins here: its length, 0 for none. */
static size_t known_part(const uint8_t *data, size_t n)
{
	struct scan_header more = { 0 };

	if (n > 3 && !memcmp(data, "\xff\xd8\xff", 3))
		return scan_walk_jpeg_stream(data, n, &more) == SCAN_TAKEN ? more.length : 0;
	return video(data, n);
}

bool scan_walk_known_trailer(const uint8_t *data, size_t n)
{
	size_t last = samsung(data, n), at = 0;

	while (at < n) {
		size_t len;

		if (at == last)
			return true;
		len = known_part(data + at, n - at);
		/* padding, byte by byte: a part may begin with zeros too */
		if (!len && data[at])
			return false;
		at += len ? len : 1;
	}
	return true;
}
