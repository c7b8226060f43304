/* project.h: a project as one XML file says it: settings, packages, agreement.
 *
 * The grammar is schema/projects/project.rng, an example gzgjj.xml beside it.
 * The tables are project, package, package_price and agreement_text.
 *
 *     struct project_file file;
 *     if (project_read(path, grammar, &file, &why))
 *             outcome = project_apply(db, &file, &said);
 *     project_file_release(&file);
 *
 * What people have seen or bought stays: a price and an agreement are added and
 * never changed, a package that the file no longer has is closed for sale, its
 * code and its years are for good. Whether the project is open is no part of
 * the file. Account: DB_ADMIN. */
#ifndef PROJECT_PROJECT_H
#define PROJECT_PROJECT_H

#include "base/buffer.h"
#include "db/db.h"

#define PROJECT_FILE_MAX (1024 * 1024)
#define PROJECT_PACKAGES_MAX 50
#define PROJECT_TIME_SIZE 20 /* "2026-12-31 16:00:00", UTC, as the database has it */

/* To add a setting: here, a row in settings.c with its statements, and its
 * element in project.rng; t/bin/project.t compares row and grammar. */
enum project_setting {
	PROJECT_NAME,
	PROJECT_FLOW_VERSION,
	PROJECT_IDENTITY_CHECK,
	PROJECT_IDENTITY_METHODS,
	PROJECT_IDENTITY_SUBJECT,
	PROJECT_IDENTITY_ATTEMPTS_MAX,
	PROJECT_FACE_KEEP_DAYS,
	PROJECT_IN_PERSON_PLACE,
	PROJECT_PAYMENT,
	PROJECT_SECOND_REVIEW,
	PROJECT_HELP_PHONE,
	PROJECT_OTHER_CHANNEL,
	PROJECT_SETTING_COUNT,
};

enum project_type {
	PROJECT_TEXT,
	PROJECT_NUMBER,
	PROJECT_FLAG, /* yes or no */
	PROJECT_METHODS, /* words of check/identity-method.h with blanks between */
};

struct project_setting_row {
	const char *name; /* of the element */
	enum project_type type;
	const char *fallback; /* NULL: must be given */
};
extern const struct project_setting_row project_settings[PROJECT_SETTING_COUNT];

struct project_package {
	char *code, *title, *description;
	int64_t years, price_fen;
	char price_from[PROJECT_TIME_SIZE]; /* "": from now on */
	int line;
};

struct project_agreement {
	char *version, *title;
	char *body; /* as agreement_text has it: lines, "# " in front of a heading */
	char published[PROJECT_TIME_SIZE]; /* "": now */
	int line;
};

struct project_file {
	char *path; /* for messages */
	char *code;
	char *setting[PROJECT_SETTING_COUNT]; /* in the words of the file */
	int setting_line[PROJECT_SETTING_COUNT];
	struct project_package *package;
	size_t package_count;
	struct project_agreement agreement;
};

/* Reads a file ("-": standard input) by the grammar at `grammar`. False when
 * something is wrong; then `why` has one line per error: file, line, element,
 * what is wrong and what to write. The caller releases the file in any case. */
bool project_read(const char *path, const char *grammar, struct project_file *,
		  struct buffer *why) MUST_USE;
void project_file_release(struct project_file *);
/* One complaint about a file in the form of project_read(). */
void project_complain(struct buffer *why, const struct project_file *, int line,
		      const char *element, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* The project as the file that project_apply() would find nothing to do with;
 * false when there is none. A price and an agreement have their time when it is
 * still to come. */
bool project_load(struct db *, const char *code, struct project_file *) MUST_USE;
/* Appends the file as XML. */
void project_write(const struct project_file *, struct buffer *out);

enum project_outcome {
	PROJECT_DONE,
	PROJECT_REFUSED, /* nothing is changed; `said` has the reasons */
};

/* Makes or changes the project, in one transaction. `said` gets one line a
 * change, old → new; none when the database says what the file says. Applies of
 * one project wait for each other. A price that would hold from the same second
 * as the one before waits for the next. */
enum project_outcome project_apply(struct db *, const struct project_file *, struct buffer *said);
/* Opens a project for new applications, or closes it; as above. */
enum project_outcome project_set_open(struct db *, const char *code, bool open,
				      struct buffer *said);
/* One line a project: code, open or closed, packages on sale, name. */
void project_list(struct db *, struct buffer *out);

/* A time of the file, "2027-01-01T00:00:00+08:00", in UTC; false for a day or
 * hour that is none. And back. */
bool project_time_read(const char *text, char utc[PROJECT_TIME_SIZE]) MUST_USE;
void project_time_write(struct buffer *out, const char *utc);
/* Appends text with each run of blanks made one, or none where a line was
 * broken beside a character that is not ASCII; none at the ends. */
void project_text_fold(struct buffer *out, const char *text);
/* The body of an agreement as project_read() makes it: empty lines stand only
 * before headings. */
char *project_body_fold(const char *body) MUST_USE;

#endif
