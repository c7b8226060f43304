/* scan.h: intake, storage and listing of scans (证明材料).
 *
 * Nothing here decodes a picture. header.h walks the file, child.c hands it to
 * the sandboxed program scan-normalise, and store.c keeps what comes back: an
 * upright sRGB JPEG without metadata, a thumbnail, a perceptual hash and
 * quality marks, sealed in the vault. */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "base/ceilings.h"
#include "base/digest.h"
#include "db/db.h"
#include "vault/vault.h"

/* Marks of a picture that a machine can still read. */
enum scan_mark {
	SCAN_BLURRED = 1 << 0,
	SCAN_DARK = 1 << 1,
	SCAN_SMALL = 1 << 2,
	SCAN_CUT_OFF = 1 << 3,
	SCAN_GLARE = 1 << 4,
	SCAN_NO_CODE = 1 << 5, /* a printed form whose QR code was not read */
};

enum scan_result {
	SCAN_TAKEN,
	SCAN_REPEATED, /* the same upload key: the earlier scan is given */
	SCAN_EMPTY, /* 0 bytes */
	SCAN_TOO_LARGE, /* more than SCAN_FILE_MAX */
	SCAN_NOT_A_PICTURE, /* neither JPEG nor PNG by its content */
	SCAN_HEIC, /* known, not accepted: choose 最兼容 on the phone */
	SCAN_WEBP,
	SCAN_PDF,
	SCAN_BROKEN, /* truncated, or data behind the end */
	SCAN_TOO_MANY_PIXELS,
	SCAN_TOO_FEW_PIXELS,
	SCAN_REFUSED, /* the sandboxed decoder gave up: reason unknown */
	SCAN_TOO_MANY_PAGES,
	SCAN_TOO_MANY_TODAY, /* SCANS_PER_DAY_MAX of this applicant */
	SCAN_BUSY, /* no slot became free in SCAN_SLOT_WAIT_MS */
	SCAN_LEFT_ALONE, /* behind SCANS_REFUSED_MAX refused ones, or SCANS_DECODE_MS */
	SCAN_RESULT_COUNT,
};

/* The sentence for the applicant: the error and the next step (Chinese). */
const char *scan_result_text(enum scan_result);
/* The first mark of the set in words, e.g. 再拍一张：照片模糊; NULL for none. */
const char *scan_mark_text(unsigned marks);

struct scan {
	int64_t id;
	char public_id[PUBLIC_ID_SIZE];
	char form[33], field[33];
	int page; /* from 1 */
	int sheet, sheets; /* page and pages as printed on it; 0: not read */
	int width_px, height_px;
	unsigned marks; /* set of enum scan_mark */
	uint64_t phash;
};

/* The live scans of an application, ordered by form, field, page; `form` NULL
 * for all. The array is the caller's to free(). */
struct scan *scan_list(struct db *, int64_t application, const char *form, size_t *count);
/* The columns of a scan for a SELECT of another room, whose table scan goes by
 * the name s, and how many they are. */
#define SCAN_COLUMNS                                                                    \
	"s.id AS scan_id, s.public_id AS scan_public_id, s.form AS scan_form,"          \
	" s.field AS scan_field, s.page AS scan_page, s.width_px AS scan_width_px,"     \
	" s.height_px AS scan_height_px, s.marks AS scan_marks, s.phash AS scan_phash," \
	" s.sheet AS scan_sheet, s.sheets AS scan_sheets"
/* Puts the scan of the row behind the list, which grows; nothing when it is NULL
 * (LEFT JOIN). */
void scan_collect(struct db_result *, struct scan **list, size_t *count);
/* One live scan by public id, of this application only. */
bool scan_find(struct db *, int64_t application, const char *public_id, struct scan *);

/* The result of the sandbox for one upload. */
struct scan_picture {
	struct buffer full, thumb; /* JPEG */
	int width_px, height_px;
	unsigned marks;
	uint64_t phash;
	char code[SCAN_CODE_MAX + 1]; /* text of a QR code of ours; "" for none */
};
void scan_picture_release(struct scan_picture *);

/* Checks and normalises one uploaded file, read from `fd` (seekable) with
 * `size` bytes; looks for a QR code only when `with_code`, because that takes
 * as long again. Waits its turn (slot.h). The decoder ends with this process,
 * and when the reader of our standard output is gone. Touches no database. */
enum scan_result scan_normalise(const struct config *, int fd, size_t size, bool with_code,
				struct scan_picture *);

/* Whether the reader of this program's answer is gone, so that further decoding is
 * useless. */
bool scan_is_unread(void);

/* Where a scan belongs. */
struct scan_place {
	int64_t application, applicant;
	const char *form, *field;
	int page; /* 0: behind the last one; else replaces that page */
	/* As printed on it, 0 when not known. A known sheet goes between those
	 * before and behind it, and takes the place of one with its number. */
	int sheet, sheets;
	int pages_max; /* of this field */
	const char *key; /* upload key: a repeated upload is stored once */
};

/* Seals and stores a picture: place->page is replaced, without one it goes behind
 * the last, also when several are sent at once. Within
 * db_transaction(), together with the flow move that allows it. */
enum scan_result scan_store(struct db *, struct vault *, const struct scan_place *,
			    const struct scan_picture *, struct scan *stored);
/* Takes a live scan out; later pages move up. False when it was not there. */
bool scan_remove(struct db *, int64_t application, const char *public_id);

enum scan_size { SCAN_FULL, SCAN_THUMB };
/* Appends the JPEG to out; false when there is none. Who may see it is the
 * caller's question. */
bool scan_image(struct db *, struct vault *, int64_t scan_id, enum scan_size, struct buffer *out);

#endif
