/* list.h: the projects as pages find and list them, and the places where their
 * posters hang.
 *
 * Tables: project, entry_source. Lists are read with the function of the same name
 * and `next`, until it says false; their texts belong to the result. */
#ifndef PROJECT_LIST_H
#define PROJECT_LIST_H

#include "db/db.h"

/* -- list.c -- */

struct project {
	int64_t id;
	char code[33], name[401]; /* bytes */
	bool is_open;
};
/* By its code, as it was typed. False: there is none. */
bool project_find(struct db *, const char *code, struct project *);
/* Appends the code of an application's project; false: there is no such application. */
bool project_of_application(struct db *, const char *public_id, struct buffer *code);

struct project_name {
	int64_t id;
	const char *code, *name;
};
/* All projects, by name. */
struct db_result *project_names(struct db *);
/* The first open ones. */
struct db_result *project_names_open(struct db *, int most);
/* Of both. */
bool project_names_next(struct db_result *, struct project_name *);

/* -- source.c: an entry_source is a place, by a word that its poster's code says -- */

#define PROJECT_SOURCE_MAX 20

/* What a project's poster says; at most one row. `source` "": without a place;
 * another is one that is known. */
struct project_poster {
	int64_t project;
	const char *name, *help_phone;
};
struct db_result *project_poster(struct db *, const char *code, const char *source);
bool project_poster_next(struct db_result *, struct project_poster *);

/* Each project once without a place, then its places, by name; with how many came
 * in from there by the page's code, and by the official account's. */
struct project_source {
	const char *code, *name, *source;
	int64_t visits, scans;
};
struct db_result *project_sources(struct db *);
bool project_sources_next(struct db_result *, struct project_source *);

enum project_source_added { PROJECT_SOURCE_ADDED, PROJECT_SOURCE_KNOWN, PROJECT_SOURCE_NO_PROJECT };
enum project_source_added project_source_add(struct db *, const char *code, const char *source);
/* Counts one who came in from a place; one that is not known is not counted. */
void project_source_visit(struct db *, int64_t project, const char *source);

#endif
