/* migrate.h: what the commands of yuanjian-migrate share.
 *
 * A command works on a struct tool, complains on standard error and leaves the
 * exit status to the number of complaints. */
#ifndef SCHEMA_MIGRATE_H
#define SCHEMA_MIGRATE_H

#include "db/db.h"
#include "script.h"

struct tool {
	const struct config *config;
	struct db *db;
	const char *folder; /* with migrations/, flow.sql … */
	const char *host; /* of the accounts, quoted */
	int failures;
};

/* One line on standard error, and a failure. */
void complain(struct tool *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Runs one statement of a script; complains with file and line. */
bool run_statement(struct tool *, const struct script *, size_t i, unsigned *code);
/* Whether a file was applied in this form, by its name in schema_file. */
bool file_is_applied(struct tool *, const char *name, const char *sha256);
void note_file(struct tool *, const char *name, const char *sha256);

/* The commands of rows.c. */
void run_accounts(struct tool *, const char *);
void run_load(struct tool *, const char *path);
void run_regions(struct tool *, const char *path);

#endif
