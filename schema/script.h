/* script.h: a file of SQL statements, as yuanjian-migrate reads it.
 *
 * In a file that has a line of ";;" alone, such lines end the statements, so
 * that bodies of routines may hold semicolons. In any other file a semicolon
 * at the end of a line ends one. Lines that begin with "--" belong to no
 * statement. The word @HOST is replaced, see grants.sql. */
#ifndef SCHEMA_SCRIPT_H
#define SCHEMA_SCRIPT_H

#include "base/buffer.h"
#include "base/digest.h"

struct statement {
	int line; /* where it begins, from 1 */
	char *sql;
};

struct script {
	char *path;
	const char *name; /* last part of path */
	int number; /* the digits in front of the name; 0 for none */
	struct statement *statement;
	size_t count;
	char sha256[2 * SHA256_SIZE + 1]; /* of the file and the host put in */
};

/* The whole file, appended to out; false with errno when it cannot be read. */
bool file_read(const char *path, struct buffer *out);
/* False with errno when the file cannot be read. `host` stands for @HOST,
 * quotes included. */
bool script_read(const char *path, const char *host, struct script *);
void script_release(struct script *);

#endif
