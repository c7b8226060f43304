/* pin.c: reasons pinned to fields and scans, table reason. */
#include "review/review.h"

#include "base/die.h"
#include "db/row.h"

void review_pin(struct db *db, const struct review_pin *pin)
{
	db_exec(db,
		"INSERT INTO reason"
		" (application, form, field, scan, code, note, staff, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))",
		DB_ARGS(db_int(pin->application), db_text(pin->form), db_text(pin->field),
			pin->scan ? db_int(pin->scan) : db_null(), db_text(pin->code),
			db_text(pin->note), db_int(pin->staff)));
}

struct db_result *review_reasons(struct db *db, int64_t application)
{
	return db_select(
		db,
		"SELECT r.form, r.field, s.page, t.text, r.note, f.name AS reviewer,"
		" " DB_MINUTE(
			"r.created_at") " AS at, r.mended_at IS NOT NULL AS mended,"
					" r.closed_at IS NOT NULL AS closed FROM reason r"
					" LEFT JOIN reason_text t ON t.code = r.code"
					" LEFT JOIN staff f ON f.id = r.staff LEFT JOIN scan s ON s.id = r.scan"
					" WHERE r.application = ? ORDER BY r.id DESC",
		DB_ARGS(db_int(application)));
}

bool review_reason_next(struct db_result *r, struct review_reason *reason)
{
	return db_next_row(r,
			   DB_OUT(DB_VIEW("form", &reason->form), DB_VIEW("field", &reason->field),
				  DB_OR_NULL(DB_INT("page", &reason->page)),
				  DB_OR_NULL(DB_VIEW("text", &reason->text)),
				  DB_VIEW("note", &reason->note),
				  DB_OR_NULL(DB_VIEW("reviewer", &reason->reviewer)),
				  DB_VIEW("at", &reason->at), DB_FLAG("mended", &reason->mended),
				  DB_FLAG("closed", &reason->closed)));
}

struct db_result *review_open(struct db *db, int64_t application)
{
	return db_select(
		db,
		"SELECT r.form, r.field, t.text, r.note, r.mended_at IS NOT NULL AS mended,"
		" s.public_id AS scan FROM reason r JOIN reason_text t ON t.code = r.code"
		" LEFT JOIN scan s ON s.id = r.scan AND s.removed_at IS NULL"
		" WHERE r.application = ? AND r.closed_at IS NULL ORDER BY r.id",
		DB_ARGS(db_int(application)));
}

bool review_open_next(struct db_result *r, struct review_open *o)
{
	return db_next_row(r, DB_OUT(DB_VIEW("form", &o->form), DB_VIEW("field", &o->field),
				     DB_VIEW("text", &o->text), DB_VIEW("note", &o->note),
				     DB_FLAG("mended", &o->mended),
				     DB_OR_NULL(DB_VIEW("scan", &o->scan))));
}

bool review_any_unmended(struct db *db, int64_t application, const char *form)
{
	return db_exists(db,
			 "SELECT 1 FROM reason WHERE application = ? AND form = ?"
			 " AND closed_at IS NULL AND mended_at IS NULL LIMIT 1",
			 DB_ARGS(db_int(application), db_text(form)));
}

struct db_result *review_for_form(struct db *db, int64_t application, const char *form)
{
	return db_select(
		db,
		"SELECT r.field, t.text, r.note, r.mended_at IS NOT NULL AS mended, s.page"
		" FROM reason r"
		" LEFT JOIN reason_text t ON t.code = r.code"
		" LEFT JOIN scan s ON s.id = r.scan AND s.removed_at IS NULL"
		" WHERE r.application = ? AND r.form = ? AND r.closed_at IS NULL ORDER BY r.id",
		DB_ARGS(db_int(application), db_text(form)));
}

bool review_for_form_next(struct db_result *r, struct review_for_form *f)
{
	return db_next_row(r, DB_OUT(DB_VIEW("field", &f->field),
				     DB_OR_NULL(DB_VIEW("text", &f->text)),
				     DB_VIEW("note", &f->note), DB_FLAG("mended", &f->mended),
				     DB_OR_NULL(DB_INT("page", &f->page))));
}

void review_field_mended(struct db *db, int64_t application, const char *form, const char *field)
{
	db_exec(db,
		"UPDATE reason SET mended_at = UTC_TIMESTAMP(3) WHERE application = ?"
		" AND form = ? AND field = ? AND closed_at IS NULL AND mended_at IS NULL",
		DB_ARGS(db_int(application), db_text(form), db_text(field)));
}

void review_scans_mended(struct db *db, int64_t application, const char *form,
			 const char *const field[], size_t count)
{
	struct db_arg arg[2 + REVIEW_FIELDS_MAX] = { db_int(application), db_text(form) };
	struct buffer sql = BUFFER_INIT;

	if (count > REVIEW_FIELDS_MAX)
		die("%zu scan fields in form %s", count, form);
	buffer_puts(&sql, "UPDATE reason r SET mended_at = IF(EXISTS (SELECT 1 FROM scan s"
			  " WHERE s.application = r.application AND s.form = r.form"
			  " AND s.field = r.field AND s.removed_at IS NULL AND"
			  " IF(r.scan IS NULL, s.created_at > r.created_at, EXISTS"
			  " (SELECT 1 FROM scan o WHERE o.id = r.scan"
			  " AND o.removed_at IS NOT NULL))),"
			  " IFNULL(mended_at, UTC_TIMESTAMP(3)), NULL)"
			  " WHERE r.application = ? AND r.form = ? AND r.closed_at IS NULL"
			  " AND r.field IN (");
	for (size_t i = 0; i < count; i++) {
		buffer_puts(&sql, i ? ", ?" : "?");
		arg[2 + i] = db_text(field[i]);
	}
	buffer_puts(&sql, ")");
	db_exec(db, buffer_text(&sql), (struct db_args){ arg, 2 + count });
	buffer_release(&sql);
}

struct db_result *review_changes(struct db *db, int64_t application)
{
	return db_select(db,
			 "SELECT r.form, r.field, 0 AS scan FROM reason r WHERE r.application = ?"
			 " AND r.mended_at >= (SELECT MAX(at) FROM event"
			 "  WHERE application = ? AND event = 'refuse')"
			 " UNION SELECT '', '', s.id FROM scan s WHERE s.application = ?"
			 " AND s.removed_at IS NULL AND s.created_at >= (SELECT MAX(at) FROM event"
			 "  WHERE application = ? AND event = 'refuse')",
			 DB_ARGS(db_int(application), db_int(application), db_int(application),
				 db_int(application)));
}

bool review_change_next(struct db_result *r, struct review_change *c)
{
	return db_next_row(r, DB_OUT(DB_TEXT("form", c->form), DB_TEXT("field", c->field),
				     DB_INT("scan", &c->scan)));
}
