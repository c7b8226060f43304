/* edition.h: which project and which agreement a paper belongs to. */
#ifndef PAPER_EDITION_H
#define PAPER_EDITION_H

#include "db/db.h"

struct paper_edition {
	char project[33], version[21];
	char *project_name, *body; /* paragraphs; a line that begins with # is a heading */
};

/* The agreement that the application accepted, else (application 0, or nothing
 * accepted yet) the one in force; false when there is none. */
bool paper_edition_load(struct db *, int64_t project, int64_t application, struct paper_edition *);
void paper_edition_release(struct paper_edition *);

#endif
