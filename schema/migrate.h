/* migrate.h: what the commands of yuanjian-migrate share.
 *
 * A command works on a struct tool, complains on standard error and leaves the
 * exit status to the number of complaints. */
#ifndef SCHEMA_MIGRATE_H
#define SCHEMA_MIGRATE_H

#include "db/db.h"
#include "script.h"

/* One account that grants.sql gives rights to; its name there is yj_ and the part. */
#define ACCOUNT_COUNT 5
struct account {
	enum db_part part;
	const char *name; /* of the part: "apply" */
	const char *user; /* from the config */
	char *quoted; /* 'user'@'host' */
};

/* What a command has come across, for its last sentence. */
struct seen {
	size_t tables, objects, rights; /* looked at */
	size_t differences; /* that `up` mends */
	size_t given, taken; /* rights */
};

struct tool {
	const struct config *config;
	struct db *db;
	const char *folder; /* with migrations/, flow.sql … */
	const char *host; /* of the accounts */
	struct account account[ACCOUNT_COUNT];
	struct mark mark[2 * ACCOUNT_COUNT + 2]; /* of the scripts, see grants.sql */
	bool mending; /* differences are told to be mended, not complained about */
	struct seen seen;
	int failures;
};

/* What has been applied of a migration. */
struct applied {
	char name[65], sha256[2 * SHA256_SIZE + 1];
	size_t statements;
	bool there, done;
};

/* A file, or the folder routines/, that is applied in whole, in the order of the table and again when it or
 * one before it changed, or when the server has something else. */
struct repeatable {
	const char *name;
	void (*compare)(struct tool *, const struct script *);
};
#define REPEATABLE_COUNT 3
extern const struct repeatable repeatable[REPEATABLE_COUNT];

/* One line on standard error, and a failure. */
void complain(struct tool *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Runs one statement of a script; complains with file and line. */
bool run_statement(struct tool *, const struct script *, size_t i, unsigned *code);

/* applied.c: what the folder holds and what of it was applied. */
#define MIGRATIONS_MAX 999
/* One script of the folder, or with the name "routines" the files of that folder as
 * one; complains and gives false when it is not there. */
bool read_script(struct tool *, const char *name, struct script *);
/* The numbered files in order; complains about gaps. The count; `list` has room
 * for MIGRATIONS_MAX and is released with release_migrations(). */
int read_migrations(struct tool *, struct script *list);
void release_migrations(struct script *list, int count);
bool has_table(struct tool *, const char *name);
struct applied applied_migration(struct tool *, int number);
/* Whether a file was applied in this form, by its name in schema_file. */
bool file_is_applied(struct tool *, const char *name, const char *sha256);
void note_file(struct tool *, const char *name, const char *sha256);
/* Complains about another character set, and about what is applied and not (or
 * not so) in the folder. */
void check_database(struct tool *);
void check_applied(struct tool *, const struct script *list, int count);
void run_status(struct tool *, const char *);
void run_verify(struct tool *, const char *);

/* forms.c: puts one statement for each form in the place of one with marks. */
void script_each_form(struct script *);

/* compare.c: complains about each difference between a file and the server; when
 * t->mending, tells and counts those that applying the file mends. */
enum reach { OURS_TO_MEND, OTHERS_TO_MEND };
void compare_tables(struct tool *, const struct script *migration, int count);
void compare_objects(struct tool *, const struct script *routines);
void compare_rows(struct tool *, const struct script *);

/* grants.c: complains about each right that an account lacks or must not have,
 * or makes it so; whether anything had to be done. */
void verify_grants(struct tool *, const struct script *);
bool mend_grants(struct tool *, const struct script *);
/* Whether a statement of grants.sql is for mend_grants() to run. */
bool is_rights_statement(const struct statement *);

/* The commands of rows.c. */
void run_accounts(struct tool *, const char *);
void run_load(struct tool *, const char *path);
void run_regions(struct tool *, const char *path);

#endif
