/* reason.c: the coded reasons of decisions, table reason_text. */
#include "review/review.h"

#include "db/row.h"

/* The column is ASCII and refuses to be compared with anything else. */
static bool is_code(const char *code)
{
	return code && *code &&
	       strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(code);
}

struct db_result *review_offers(struct db *db, const char *type)
{
	if (!type)
		return db_select(
			db,
			"SELECT code, type, text FROM reason_text WHERE is_offered ORDER BY ord, code",
			DB_NO_ARGS);
	return db_select(db,
			 "SELECT code, type, text FROM reason_text"
			 " WHERE type = ? AND is_offered ORDER BY ord, code",
			 DB_ARGS(db_text(type)));
}

bool review_offer_next(struct db_result *r, struct review_offer *o)
{
	return db_next_row(r, DB_OUT(DB_TEXT("code", o->code), DB_TEXT("type", o->type),
				     DB_VIEW("text", &o->text)));
}

bool review_is_offered(struct db *db, const char *type, const char *code)
{
	return is_code(code) &&
	       db_exists(db, "SELECT 1 FROM reason_text WHERE code = ? AND type = ? AND is_offered",
			 DB_ARGS(db_text(code), db_text(type)));
}

bool review_may_pin(struct db *db, const char *type, const char *code)
{
	return is_code(code) && db_exists(db,
					  "SELECT 1 FROM reason_text WHERE code = ? AND is_offered"
					  " AND type IN ('any', ?)",
					  DB_ARGS(db_text(code), db_text(type)));
}

bool review_words(struct db *db, const char *code, struct buffer *out)
{
	char *words;

	if (!is_code(code) || !db_one(db, "SELECT text FROM reason_text WHERE code = ?",
				      DB_ARGS(db_text(code)), DB_OUT(DB_STRING("text", &words))))
		return false;
	buffer_puts(out, words);
	free(words);
	return true;
}

bool review_of_case(struct db *db, int64_t application, const char *state, struct buffer *out)
{
	bool checking = !strcmp(state, "awaiting_identity");
	bool none;
	char *words;

	if (!checking && strcmp(state, "rejected") && strcmp(state, "awaiting_refund") &&
	    strcmp(state, "refunded"))
		return false;
	db_one(db,
	       "SELECT t.text FROM event e LEFT JOIN reason_text t"
	       " ON CONVERT(t.code USING utf8mb4)"
	       "  = JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.reason'))"
	       " WHERE e.application = ?"
	       " AND e.event IN (?, ?, ?)"
	       /* what was said of the person before a correction is over */
	       " AND e.id > COALESCE((SELECT MAX(b.id) FROM event b"
	       "  WHERE b.application = ? AND b.event = 'resubmit'), 0)"
	       " ORDER BY e.id DESC LIMIT 1",
	       DB_ARGS(db_int(application), db_text(checking ? "refuse_identity" : "reject"),
		       db_text(checking ? "repeat_identity" : "reject"),
		       db_text(checking ? "identity_failed" : "reject"), db_int(application)),
	       DB_OUT(DB_OR_NULL(DB_STRING("text", &words)), DB_IS_NULL("text", &none)));
	if (!none)
		buffer_puts(out, words);
	free(words);
	return !none;
}
