/* script.h: a file of SQL statements, as yuanjian-migrate reads it.
 *
 * In a file that has a line of ";;" alone, such lines end the statements, so
 * that bodies of routines may hold semicolons. In any other file a semicolon
 * at the end of a line ends one. Lines that begin with "--" belong to no
 * statement. Marks are replaced, see grants.sql. */
#ifndef SCHEMA_SCRIPT_H
#define SCHEMA_SCRIPT_H

#include "base/buffer.h"
#include "base/digest.h"

struct statement {
	char *path; /* of its file */
	int line; /* where it begins, from 1 */
	char *sql;
};

struct script {
	char *path;
	const char *name; /* last part of path */
	int number; /* the digits in front of the name; 0 for none */
	struct statement *statement;
	size_t count;
	char sha256[2 * SHA256_SIZE + 1]; /* of the file with its marks replaced */
};

/* A word that stands for another; a list of them ends with word NULL. Where two
 * begin at the same place, the first in the list counts. */
struct mark {
	char *word, *text;
};

/* The whole file, appended to out; false with errno when it cannot be read. */
bool file_read(const char *path, struct buffer *out);
/* False with errno when the file cannot be read. */
bool script_read(const char *path, const struct mark *, struct script *);
void script_release(struct script *);
/* Puts the statements of `more` behind those of `all`, whose sum becomes that of
 * both; `more` is released. */
void script_append(struct script *all, struct script *more);

/* The words of a statement, one by one: names with or without quotes, and single
 * characters of punctuation; comments and blanks are left out. Set `at` to the
 * statement. Longer words than any name can be are cut. */
#define WORD_SIZE 256
struct words {
	const char *at; /* behind the present word */
	const char *begin; /* of the present word */
	char word[WORD_SIZE]; /* without its quotes */
	bool quoted;
};

/* The next word; at the end false and an empty one. */
bool words_next(struct words *);
/* Whether the present word is this keyword, in capitals or not. */
bool words_is(const struct words *, const char *keyword);
/* Steps over the next word if it is this keyword. */
bool words_skip(struct words *, const char *keyword);

#endif
