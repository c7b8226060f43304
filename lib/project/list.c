/* list.c: the projects as pages find and list them. */
#include "project/list.h"

#include "db/row.h"

bool project_find(struct db *db, const char *code, struct project *project)
{
	/* the column is ASCII and refuses to be compared with anything else */
	for (const char *c = code; *c; c++)
		if ((unsigned char)*c > '~')
			return false;
	return db_one(db, "SELECT id, code, name, is_open FROM project WHERE code = ?",
		      DB_ARGS(db_text(code)),
		      DB_OUT(DB_INT("id", &project->id), DB_TEXT("code", project->code),
			     DB_TEXT("name", project->name),
			     DB_FLAG("is_open", &project->is_open)));
}

bool project_of_application(struct db *db, const char *public_id, struct buffer *code)
{
	char found[33];
	bool known = db_one(db,
			    "SELECT p.code FROM application a JOIN project p ON p.id = a.project"
			    " WHERE a.public_id = ?",
			    DB_ARGS(db_text(public_id)), DB_OUT(DB_TEXT("code", found)));

	buffer_puts(code, found);
	return known;
}

struct db_result *project_names(struct db *db)
{
	return db_select(db, "SELECT id, code, name FROM project ORDER BY name", DB_NO_ARGS);
}

struct db_result *project_names_open(struct db *db, int most)
{
	return db_select(db, "SELECT id, code, name FROM project WHERE is_open ORDER BY id LIMIT ?",
			 DB_ARGS(db_int(most)));
}

bool project_names_next(struct db_result *r, struct project_name *p)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &p->id), DB_VIEW("code", &p->code),
				     DB_VIEW("name", &p->name)));
}
