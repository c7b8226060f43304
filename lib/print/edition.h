/* edition.h: which project and which agreement a print belongs to. */
#ifndef PRINT_EDITION_H
#define PRINT_EDITION_H

#include "db/db.h"

struct print_edition {
	char project[33], version[21];
	char *project_name, *body; /* paragraphs; a line that begins with # is a heading */
};

/* The agreement that the application accepted, else (application 0, or nothing
 * accepted yet) the one in force; false when there is none. */
bool print_edition_load(struct db *, int64_t project, int64_t application, struct print_edition *);
void print_edition_release(struct print_edition *);

#endif
