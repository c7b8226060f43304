/* reason.c: the coded reasons of decisions about a whole case. */
#include "page/reason.h"

bool reason_of_case(struct page *p, struct buffer *out)
{
	const char *state = p->application.state;
	bool checking = !strcmp(state, "awaiting_identity");
	struct db_result *row;
	bool found;

	if (!checking && strcmp(state, "rejected") && strcmp(state, "awaiting_refund") &&
	    strcmp(state, "refunded"))
		return false;
	row = db_select(p->db,
			"SELECT t.text FROM event e LEFT JOIN reason_text t"
			" ON CONVERT(t.code USING utf8mb4)"
			"  = JSON_UNQUOTE(JSON_EXTRACT(e.detail, '$.reason'))"
			" WHERE e.application = ?"
			" AND e.event IN (?, ?, ?)"
			/* what was said of the person before a correction is over */
			" AND e.id > COALESCE((SELECT MAX(b.id) FROM event b"
			"  WHERE b.application = ? AND b.event = 'resubmit'), 0)"
			" ORDER BY e.id DESC LIMIT 1",
			DB_ARGS(db_int(p->application.id),
				db_text(checking ? "refuse_identity" : "reject"),
				db_text(checking ? "repeat_identity" : "reject"),
				db_text(checking ? "identity_failed" : "reject"),
				db_int(p->application.id)));
	found = db_next(row) && !db_is_null(row, 0);
	if (found)
		buffer_puts(out, db_text_at(row, 0));
	db_result_free(row);
	return found;
}

/* The column is ASCII and refuses to be compared with anything else. */
static bool is_code(const char *code)
{
	return code && *code &&
	       strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_-") == strlen(code);
}

bool reason_is_offered(struct page *p, const char *type, const char *code)
{
	struct db_result *row;
	bool known;

	if (!is_code(code))
		return false;
	row = db_select(p->db,
			"SELECT 1 FROM reason_text WHERE code = ? AND type = ? AND is_offered",
			DB_ARGS(db_text(code), db_text(type)));
	known = db_next(row);
	db_result_free(row);
	return known;
}

bool reason_words(struct page *p, const char *code, struct buffer *out)
{
	struct db_result *row;
	bool known;

	if (!is_code(code))
		return false;
	row = db_select(p->db, "SELECT text FROM reason_text WHERE code = ?",
			DB_ARGS(db_text(code)));
	known = db_next(row);
	if (known)
		buffer_puts(out, db_text_at(row, 0));
	db_result_free(row);
	return known;
}

void reason_write_select(struct page *p, const char *type, const char *name, const char *label,
			 const char *chosen)
{
	struct db_result *rows = db_select(p->db,
					   "SELECT code, text FROM reason_text"
					   " WHERE type = ? AND is_offered ORDER BY ord, code",
					   DB_ARGS(db_text(type)));
	struct markup *m = p->markup;

	markup_element(m, "label", label, "class", "yj-field__label", "for", name, NULL);
	markup_open(m, "select", "class", "yj-input", "id", name, "name", name, NULL);
	markup_element(m, "option", "请选择", "value", "", NULL);
	while (db_next(rows))
		markup_element(m, "option", db_text_at(rows, 1), "value", db_text_at(rows, 0),
			       "selected",
			       chosen && !strcmp(chosen, db_text_at(rows, 0)) ? "" : NULL, NULL);
	markup_close(m, "select");
	db_result_free(rows);
}
