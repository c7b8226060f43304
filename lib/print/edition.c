/* edition.c: the project and the agreement behind a print. */
#include "print/edition.h"

#include "db/row.h"

#define COLUMNS "SELECT p.code, t.version, p.name, t.body"

static bool load(struct db *db, const char *sql, int64_t id, struct print_edition *e)
{
	return db_one(db, sql, DB_ARGS(db_int(id)),
		      DB_OUT(DB_TEXT("code", e->project), DB_TEXT("version", e->version),
			     DB_STRING("name", &e->project_name), DB_STRING("body", &e->body)));
}

bool print_edition_load(struct db *db, int64_t project, int64_t application,
			struct print_edition *e)
{
	*e = (struct print_edition){ .body = NULL };
	return (application &&
		load(db,
		     COLUMNS " FROM agreement a JOIN agreement_text t ON t.id = a.agreement_text"
			     " JOIN project p ON p.id = t.project WHERE a.application = ?",
		     application, e)) ||
	       load(db,
		    COLUMNS " FROM agreement_text t JOIN project p ON p.id = t.project"
			    " WHERE t.project = ? AND t.published_at <= UTC_TIMESTAMP()"
			    " ORDER BY t.published_at DESC, t.id DESC LIMIT 1",
		    project, e);
}

void print_edition_release(struct print_edition *e)
{
	free(e->project_name);
	free(e->body);
}
