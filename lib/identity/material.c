/* material.c: faces in the table face_material, sealed under the face key. */
#include "identity/identity.h"

#include "base/alloc.h"
#include "db/row.h"

/* A packet of the database is 16 MB or more; a recording may be 50. */
#define PART_SIZE ((size_t)4 * 1024 * 1024)

const char *const identity_kind_names[IDENTITY_KIND_COUNT] = {
	[IDENTITY_RAW] = "raw",
	[IDENTITY_CLIP] = "clip",
	[IDENTITY_FRAME] = "frame",
	[IDENTITY_BEST_FRAME] = "best_frame",
};

static char *context_of(int64_t attempt, enum identity_kind kind, int ord, int part)
{
	return xprintf("face_material.%s:%lld.%d.%d", identity_kind_names[kind], (long long)attempt,
		       ord, part);
}

static void put_part(struct db *db, struct vault *vault, const struct identity_piece *piece,
		     int part, const uint8_t *data, size_t n)
{
	char *context = context_of(piece->attempt, piece->kind, piece->ord, part);
	struct buffer sealed = BUFFER_INIT;

	vault_seal_face(vault, context, data, n, &sealed);
	db_exec(db,
		"INSERT INTO face_material (attempt, kind, ord, part, action, at_ms, media_type,"
		" size, sealed, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))",
		DB_ARGS(db_int(piece->attempt), db_text(identity_kind_names[piece->kind]),
			db_int(piece->ord), db_int(part), db_text(piece->action),
			piece->at_ms < 0 ? db_null() : db_int(piece->at_ms),
			db_text(piece->media_type), db_int((int64_t)n),
			db_bytes(sealed.data, sealed.len)));
	buffer_release(&sealed);
	free(context);
}

void identity_material_put(struct db *db, struct vault *vault, const struct identity_piece *piece,
			   const void *data, size_t n)
{
	const uint8_t *at = data;
	int part = 0;

	do {
		size_t size = n < PART_SIZE ? n : PART_SIZE;

		put_part(db, vault, piece, part++, at, size);
		at += size;
		n -= size;
	} while (n);
}

bool identity_material(struct db *db, struct vault *vault, int64_t attempt, enum identity_kind kind,
		       int ord, struct buffer *out)
{
	bool good = true, more = true;

	for (int part = 0; good && more; part++) {
		char *context = context_of(attempt, kind, ord, part);
		struct db_result *r =
			db_select(db,
				  "SELECT sealed FROM face_material WHERE attempt = ? AND kind = ?"
				  " AND ord = ? AND part = ?",
				  DB_ARGS(db_int(attempt), db_text(identity_kind_names[kind]),
					  db_int(ord), db_int(part)));
		struct db_blob sealed;

		more = db_next_row(r, DB_OUT(DB_BLOB("sealed", &sealed)));
		good = more ? vault_unseal_face(vault, context, sealed.data, sealed.len, out) :
			      part > 0;
		db_result_free(r);
		free(context);
	}
	return good;
}

void identity_material_drop(struct db *db, int64_t attempt, enum identity_kind kind)
{
	db_exec(db, "DELETE FROM face_material WHERE attempt = ? AND kind = ?",
		DB_ARGS(db_int(attempt), db_text(identity_kind_names[kind])));
}
