/* list.h: the projects as pages list and find them.
 *
 * Lists are read with the function of the same name and `next`, until it says
 * false; their texts belong to the result. */
#ifndef PROJECT_LIST_H
#define PROJECT_LIST_H

#include "db/db.h"

/* All projects, by name. */
struct project_name {
	int64_t id;
	const char *code, *name;
};
struct db_result *project_names(struct db *);
bool project_names_next(struct db_result *, struct project_name *);

#endif
