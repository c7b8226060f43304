/* hand-in.c: what an attempt leaves for cron/identity, table identity_evidence. */
#include "identity/identity.h"

#include "base/alloc.h"
#include "db/row.h"

/* While the browser is at the service's page. */
#define FIRST_ASK_S 30

static void place_steps(struct db *db, int64_t attempt, int offset_ms)
{
	struct identity_step step[IDENTITY_STEPS];
	int n = offset_ms < 0 ? 0 : identity_steps(db, attempt, step);

	for (int i = 0; i < n; i++)
		db_exec(db, "UPDATE identity_step SET at_ms = ? WHERE attempt = ? AND ord = ?",
			DB_ARGS(db_int(offset_ms + step[i].revealed_ms), db_int(attempt),
				db_int(step[i].ord)));
}

bool identity_hand_in(struct db *db, struct vault *vault, const struct identity_attempt *a,
		      const char *media_type, int offset_ms, const void *data, size_t n)
{
	const struct identity_piece piece = {
		.attempt = a->id,
		.kind = IDENTITY_RAW,
		.at_ms = -1,
		.media_type = media_type,
	};

	if (!identity_challenge_use(db, a->id) ||
	    !identity_move(db, a, IDENTITY_BEGUN, IDENTITY_HANDED_IN))
		return false;
	place_steps(db, a->id, offset_ms);
	identity_material_put(db, vault, &piece, data, n);
	/* Whoever fetches it writes its name. */
	db_exec(db,
		"INSERT INTO identity_evidence (attempt, provider, created_at, ask_at)"
		" VALUES (?, '', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))",
		DB_ARGS(db_int(a->id)));
	return true;
}

static void seal(struct vault *vault, const char *column, int64_t attempt, const char *text,
		 struct buffer *out)
{
	char *context = xprintf("identity_evidence.%s:%lld", column, (long long)attempt);

	vault_seal(vault, context, text, strlen(text), out);
	free(context);
}

bool identity_keep_token(struct db *db, struct vault *vault, const struct identity_attempt *a,
			 const char *provider, const char *token, const char *url, int give_up_s)
{
	struct buffer sealed_token = BUFFER_INIT, sealed_url = BUFFER_INIT;
	long rows;

	seal(vault, "token", a->id, token, &sealed_token);
	seal(vault, "url", a->id, url, &sealed_url);
	rows = db_exec(
		db,
		"INSERT INTO identity_evidence (attempt, provider, token, url, created_at,"
		" ask_at, give_up_at) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3),"
		" UTC_TIMESTAMP(3) + INTERVAL ? SECOND, UTC_TIMESTAMP(3) + INTERVAL ? SECOND)",
		DB_ARGS(db_int(a->id), db_text(provider),
			db_bytes(sealed_token.data, sealed_token.len),
			db_bytes(sealed_url.data, sealed_url.len), db_int(FIRST_ASK_S),
			db_int(give_up_s)));
	buffer_release(&sealed_token);
	buffer_release(&sealed_url);
	return rows != DB_DUPLICATE;
}

bool identity_service_url(struct db *db, struct vault *vault, int64_t attempt, struct buffer *url)
{
	char *context = xprintf("identity_evidence.url:%lld", (long long)attempt);
	struct buffer sealed = BUFFER_INIT;
	bool good = db_one(db,
			   "SELECT url FROM identity_evidence WHERE attempt = ?"
			   " AND outcome = 'pending'",
			   DB_ARGS(db_int(attempt)),
			   DB_OUT(DB_OR_NULL(DB_BUFFER("url", &sealed)))) &&
		    sealed.len && vault_unseal(vault, context, sealed.data, sealed.len, url);

	buffer_release(&sealed);
	free(context);
	return good;
}

bool identity_came_back(struct db *db, const struct identity_attempt *a)
{
	if (!identity_move(db, a, IDENTITY_BEGUN, IDENTITY_HANDED_IN))
		return false;
	db_exec(db,
		"UPDATE identity_evidence SET ask_at = UTC_TIMESTAMP(3)"
		" WHERE attempt = ? AND ask_at IS NOT NULL",
		DB_ARGS(db_int(a->id)));
	return true;
}

void identity_verdict(struct db *db, int64_t attempt, char out[33])
{
	db_one(db, "SELECT verdict FROM identity_evidence WHERE attempt = ?",
	       DB_ARGS(db_int(attempt)), DB_OUT(DB_TEXT_N("verdict", out, 33)));
}
