/* list.c: the projects as pages list and find them. */
#include "project/list.h"

#include "db/row.h"

struct db_result *project_names(struct db *db)
{
	return db_select(db, "SELECT id, code, name FROM project ORDER BY name", DB_NO_ARGS);
}

bool project_names_next(struct db_result *r, struct project_name *p)
{
	return db_next_row(r, DB_OUT(DB_INT("id", &p->id), DB_VIEW("code", &p->code),
				     DB_VIEW("name", &p->name)));
}
