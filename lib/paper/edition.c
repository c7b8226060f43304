/* edition.c: the project and the agreement behind a paper. */
#include "paper/edition.h"

#include "base/alloc.h"

#define COLUMNS "SELECT p.code, t.version, p.name, t.body"

static struct db_result *accepted(struct db *db, int64_t application)
{
	return db_select(db,
			 COLUMNS " FROM agreement a"
				 " JOIN agreement_text t ON t.id = a.agreement_text"
				 " JOIN project p ON p.id = t.project WHERE a.application = ?",
			 DB_ARGS(db_int(application)));
}

static struct db_result *in_force(struct db *db, int64_t project)
{
	return db_select(db,
			 COLUMNS " FROM agreement_text t JOIN project p ON p.id = t.project"
				 " WHERE t.project = ? AND t.published_at <= UTC_TIMESTAMP()"
				 " ORDER BY t.published_at DESC, t.id DESC LIMIT 1",
			 DB_ARGS(db_int(project)));
}

static bool take(struct db_result *r, struct paper_edition *e)
{
	bool found = db_next(r);

	if (found) {
		snprintf(e->project, sizeof(e->project), "%s", db_text_at(r, 0));
		snprintf(e->version, sizeof(e->version), "%s", db_text_at(r, 1));
		e->project_name = xstrdup(db_text_at(r, 2));
		e->body = xstrdup(db_text_at(r, 3));
	}
	db_result_free(r);
	return found;
}

bool paper_edition_load(struct db *db, int64_t project, int64_t application,
			struct paper_edition *e)
{
	*e = (struct paper_edition){ .body = NULL };
	return (application && take(accepted(db, application), e)) ||
	       take(in_force(db, project), e);
}

void paper_edition_release(struct paper_edition *e)
{
	free(e->project_name);
	free(e->body);
}
