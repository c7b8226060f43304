/* store.c: the tables scan and scan_image; pictures are sealed in the vault. */
#include "scan/scan.h"

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"

#define STORE_TRIES 20 /* pictures of one field that arrive at the same moment */

/* SCAN_COLUMNS, into a struct scan. */
#define SCAN_TARGETS(s)                                                                       \
	DB_INT("scan_id", &(s)->id), DB_TEXT("scan_public_id", (s)->public_id),               \
		DB_TEXT("scan_form", (s)->form), DB_TEXT("scan_field", (s)->field),           \
		DB_INT("scan_page", &(s)->page), DB_INT("scan_width_px", &(s)->width_px),     \
		DB_INT("scan_height_px", &(s)->height_px), DB_INT("scan_marks", &(s)->marks), \
		DB_INT("scan_phash", &(s)->phash), DB_INT("scan_sheet", &(s)->sheet),         \
		DB_INT("scan_sheets", &(s)->sheets)

static const char *const size_names[] = { [SCAN_FULL] = "full", [SCAN_THUMB] = "thumb" };

void scan_collect(struct db_result *r, struct scan **list, size_t *count)
{
	size_t n = *count;
	bool none;

	db_row_part(r, DB_OUT(DB_IS_NULL("scan_id", &none)));
	if (none)
		return;
	if (n % 8 == 0)
		*list = xrealloc(*list, (n + 8) * sizeof(**list));
	db_row_part(r, DB_OUT(SCAN_TARGETS(&(*list)[n])));
	*count = n + 1;
}

struct scan *scan_list(struct db *db, int64_t application, const char *form, size_t *count)
{
	struct db_result *r = db_select(db,
					"SELECT " SCAN_COLUMNS " FROM scan s"
					" WHERE s.application = ? AND s.removed_at IS NULL"
					" AND s.form = COALESCE(?, s.form)"
					" ORDER BY s.form, s.field, s.page",
					DB_ARGS(db_int(application), db_text(form)));
	struct scan *list = NULL;

	*count = 0;
	while (db_next(r))
		scan_collect(r, &list, count);
	db_result_free(r);
	return list;
}

/* One scan, if any. */
static bool one(struct db *db, const char *sql, struct db_args args, struct scan *s)
{
	return db_one(db, sql, args, DB_OUT(SCAN_TARGETS(s)));
}

bool scan_find(struct db *db, int64_t application, const char *public_id, struct scan *s)
{
	if (!is_public_id(public_id))
		return false;
	return one(db,
		   "SELECT " SCAN_COLUMNS " FROM scan s WHERE public_id = ? AND application = ?"
		   " AND removed_at IS NULL",
		   DB_ARGS(db_text(public_id), db_int(application)), s);
}

/* Seals one size; the row's id is part of what is authenticated. */
static void put_image(struct db *db, struct vault *vault, int64_t id, enum scan_size size,
		      const struct buffer *jpeg)
{
	struct buffer sealed = BUFFER_INIT;
	char *context = xprintf("scan_image.%s:%lld", size_names[size], (long long)id);

	vault_seal(vault, context, jpeg->data, jpeg->len, &sealed);
	db_exec(db, "INSERT INTO scan_image (scan, size, sealed) VALUES (?, ?, ?)",
		DB_ARGS(db_int(id), db_text(size_names[size]), db_bytes(sealed.data, sealed.len)));
	buffer_release(&sealed);
	free(context);
}

/* Where a sheet goes whose number was read: in the place of the same one, else
 * before the first one with a higher number; 0 when neither is there. */
static int choose_by_sheet(struct db *db, const struct scan_place *place, bool *same)
{
	int page;

	db_one(db,
	       "SELECT page, sheet = ? AS same FROM scan WHERE application = ? AND form = ?"
	       " AND field = ? AND removed_at IS NULL AND sheet >= ?"
	       " ORDER BY sheet, page LIMIT 1",
	       DB_ARGS(db_int(place->sheet), db_int(place->application), db_text(place->form),
		       db_text(place->field), db_int(place->sheet)),
	       DB_OUT(DB_INT("page", &page), DB_FLAG("same", same)));
	return page;
}

static void move_down(struct db *db, const struct scan_place *place, int from)
{
	db_exec(db,
		"UPDATE scan SET page = page + 1 WHERE application = ? AND form = ?"
		" AND field = ? AND page >= ? AND removed_at IS NULL ORDER BY page DESC",
		DB_ARGS(db_int(place->application), db_text(place->form), db_text(place->field),
			db_int(from)));
}

/* Which page the picture becomes, with room made for it, and whether it takes
 * the place of one; 0 when the field is full. */
static int choose_page(struct db *db, const struct scan_place *place, bool *replaces)
{
	bool same = false;
	int before = place->sheet && !place->page ? choose_by_sheet(db, place, &same) : 0;
	int last = (int)db_number(
		db,
		"SELECT COALESCE(MAX(page), 0) FROM scan WHERE application = ? AND form = ?"
		" AND field = ? AND removed_at IS NULL",
		DB_ARGS(db_int(place->application), db_text(place->form), db_text(place->field)));
	int max = place->pages_max < SCAN_PAGES_MAX ? place->pages_max : SCAN_PAGES_MAX;

	*replaces = same || (place->page > 0 && place->page <= last);
	if (*replaces)
		return same ? before : place->page;
	if (last >= max)
		return 0;
	if (before)
		move_down(db, place, before);
	return before ? before : last + 1;
}

static bool over_quota(struct db *db, int64_t applicant)
{
	return db_number(db,
			 "SELECT COUNT(*) FROM scan WHERE applicant = ?"
			 " AND created_at > UTC_TIMESTAMP(3) - INTERVAL 1 DAY",
			 DB_ARGS(db_int(applicant))) >= SCANS_PER_DAY_MAX;
}

static void take_off(struct db *db, const struct scan_place *place, int page)
{
	db_exec(db,
		"UPDATE scan SET removed_at = UTC_TIMESTAMP(3) WHERE application = ?"
		" AND form = ? AND field = ? AND page = ? AND removed_at IS NULL",
		DB_ARGS(db_int(place->application), db_text(place->form), db_text(place->field),
			db_int(page)));
}

/* DB_DUPLICATE when the page, or the key, was taken meanwhile. */
static long put_row(struct db *db, const struct scan_place *place, int page,
		    const struct scan_picture *p)
{
	char public_id[PUBLIC_ID_SIZE];
	uint8_t sha256[SHA256_SIZE];

	random_public_id(public_id);
	digest_sha256(p->full.data, p->full.len, sha256);
	return db_exec(db,
		       "INSERT INTO scan (public_id, application, applicant, form, field, page,"
		       " width_px, height_px, phash, marks, sha256, upload_key, sheet, sheets,"
		       " created_at)"
		       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS UNSIGNED), ?, ?, ?, ?, ?,"
		       " UTC_TIMESTAMP(3))",
		       DB_ARGS(db_text(public_id), db_int(place->application),
			       db_int(place->applicant), db_text(place->form),
			       db_text(place->field), db_int(page), db_int(p->width_px),
			       db_int(p->height_px), db_int((int64_t)p->phash), db_int(p->marks),
			       db_bytes(sha256, sizeof(sha256)), db_text(place->key),
			       db_int(place->sheet), db_int(place->sheets)));
}

/* An added picture never replaces another: of two that are sent at the same moment
 * the slower one becomes the next page. */
enum scan_result scan_store(struct db *db, struct vault *vault, const struct scan_place *place,
			    const struct scan_picture *p, struct scan *stored)
{
	bool replaces;
	int64_t id;
	int page, tries = 0;

	do {
		if (one(db,
			"SELECT " SCAN_COLUMNS
			" FROM scan s WHERE application = ? AND upload_key = ?",
			DB_ARGS(db_int(place->application), db_text(place->key)), stored))
			return SCAN_REPEATED;
		if (over_quota(db, place->applicant))
			return SCAN_TOO_MANY_TODAY;
		page = choose_page(db, place, &replaces);
		if (!page)
			return SCAN_TOO_MANY_PAGES;
		if (replaces)
			take_off(db, place, page);
		if (++tries > STORE_TRIES)
			die("page %d of %s.%s is taken again and again", page, place->form,
			    place->field);
	} while (put_row(db, place, page, p) == DB_DUPLICATE);
	id = db_inserted_id(db);
	put_image(db, vault, id, SCAN_FULL, &p->full);
	put_image(db, vault, id, SCAN_THUMB, &p->thumb);
	*stored = (struct scan){ .id = id };
	one(db, "SELECT " SCAN_COLUMNS " FROM scan s WHERE id = ?", DB_ARGS(db_int(id)), stored);
	return SCAN_TAKEN;
}

bool scan_remove(struct db *db, int64_t application, const char *public_id)
{
	struct scan s;

	if (!scan_find(db, application, public_id, &s))
		return false;
	db_exec(db, "UPDATE scan SET removed_at = UTC_TIMESTAMP(3) WHERE id = ?",
		DB_ARGS(db_int(s.id)));
	db_exec(db,
		"UPDATE scan SET page = page - 1 WHERE application = ? AND form = ?"
		" AND field = ? AND page > ? AND removed_at IS NULL ORDER BY page",
		DB_ARGS(db_int(application), db_text(s.form), db_text(s.field), db_int(s.page)));
	return true;
}

bool scan_image(struct db *db, struct vault *vault, int64_t id, enum scan_size size,
		struct buffer *out)
{
	struct db_result *r = db_select(db,
					"SELECT sealed FROM scan_image WHERE scan = ? AND size = ?",
					DB_ARGS(db_int(id), db_text(size_names[size])));
	char *context = xprintf("scan_image.%s:%lld", size_names[size], (long long)id);
	struct db_blob sealed;
	bool found = db_next_row(r, DB_OUT(DB_BLOB("sealed", &sealed))) &&
		     vault_unseal(vault, context, sealed.data, sealed.len, out);

	free(context);
	db_result_free(r);
	return found;
}
