/* db.h: one connection to the database; bound parameters only.
 *
 * Errors come in three kinds.
 * - The database is away (cannot connect, connection lost, cluster not ready,
 *   too many connections): die_unavailable(), so the client gets a 503.
 * - Ours (bad SQL, refused by a grant, out of range): die().
 * - Inside db_transaction(): deadlock (1213), lock timeout (1205) and a
 *   refusal by SIGNAL SQLSTATE '45000' are sticky. Every later call on the
 *   connection does nothing and gives an empty result until the function
 *   returns; then the transaction rolls back and is tried again or refused.
 *   So the function need not look at any result for errors.
 * A duplicate key (1062) is an answer, not an error: see db_exec(). */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/buffer.h"
#include "base/config.h"

struct db;
struct db_result;

/* The part of the house a program belongs to; each has its own account. */
enum db_part {
	DB_APPLY, /* the applicant's pages */
	DB_CLERK, /* the clerk's and producer's pages */
	DB_ADMIN, /* the admin's and auditor's pages */
	DB_PUSH, /* what outside services call */
	DB_CRON, /* scheduled jobs */
	DB_OWNER, /* migrations only */
	DB_PART_COUNT,
};

enum db_arg_type { DB_ARG_NULL, DB_ARG_INT, DB_ARG_BYTES };

/* One bound parameter; the bytes must live until the call returns. */
struct db_arg {
	enum db_arg_type type;
	int64_t number;
	const void *bytes;
	size_t len;
};

static inline struct db_arg db_null(void)
{
	return (struct db_arg){ .type = DB_ARG_NULL };
}
static inline struct db_arg db_int(int64_t n)
{
	return (struct db_arg){ .type = DB_ARG_INT, .number = n };
}
static inline struct db_arg db_bytes(const void *bytes, size_t len)
{
	return (struct db_arg){ .type = bytes ? DB_ARG_BYTES : DB_ARG_NULL,
				.bytes = bytes,
				.len = len };
}
/* NULL text is SQL NULL. */
static inline struct db_arg db_text(const char *text)
{
	return db_bytes(text, text ? strlen(text) : 0);
}

/* The parameters of one statement: DB_ARGS(db_int(id), db_text(name)). */
struct db_args {
	const struct db_arg *arg;
	size_t count;
};
#define DB_ARGS(...)                                                        \
	((struct db_args){ (const struct db_arg[]){ __VA_ARGS__ },          \
			   sizeof((const struct db_arg[]){ __VA_ARGS__ }) / \
				   sizeof(struct db_arg) })
#define DB_NO_ARGS ((struct db_args){ NULL, 0 })

/* Connects with the account of `part` from the config; never returns NULL. */
struct db *db_open(const struct config *, enum db_part);
/* For migrations: logs in without choosing the database, so that an account
 * without rights can be asked for them. A log-in that fails is an answer: NULL,
 * and the server's words in `why`. */
struct db *db_try_open(const struct config *, enum db_part, struct buffer *why);
/* The name of the account of `part`, from the config. */
const char *db_user(const struct config *, enum db_part);
/* NULL is fine. Rolls back what is open. */
void db_close(struct db *);

/* A statement without rows. Gives the number of rows it changed, or
 * DB_DUPLICATE when a unique key was already there. */
#define DB_DUPLICATE (-1)
long db_exec(struct db *, const char *sql, struct db_args);
/* AUTO_INCREMENT value of the last insert. */
int64_t db_inserted_id(struct db *);

/* For migrations: one statement of a file of ours, whose failure is an answer.
 * Gives the server's error number, and its words in `why`; 0 when done. */
unsigned db_try(struct db *, const char *sql, struct buffer *why);

/* A statement with rows, read whole; never NULL. Stored procedures may be
 * called with it: the first result set is given, the rest is drained. */
struct db_result *db_select(struct db *, const char *sql, struct db_args);
/* Steps to the next row (the first call to the first one). */
bool db_next(struct db_result *);
/* Columns of the present row, counted from 0. They belong to the result. For the tests
 * of this room alone: everything else reads by name (row.h). */
bool db_is_null(const struct db_result *, unsigned column);
int64_t db_int_at(const struct db_result *, unsigned column); /* NULL is 0 */
const char *db_text_at(const struct db_result *, unsigned column); /* NULL is "" */
const void *db_bytes_at(const struct db_result *, unsigned column, size_t *len);
void db_result_free(struct db_result *);

enum db_outcome {
	DB_DONE, /* committed */
	DB_REFUSED, /* the database said no by SIGNAL: db_refusal() tells */
	DB_UNDONE, /* the function asked for it: rolled back, nothing changed */
};

/* Runs `work` between BEGIN and COMMIT. It returns true to commit, false to
 * roll back. On a deadlock or lock timeout the whole is tried again, 5 times
 * in all, 50 ms doubling with jitter; after that die_unavailable(). So `work`
 * must be safe to repeat: it changes nothing outside the database but *context. */
enum db_outcome db_transaction(struct db *, bool (*work)(struct db *, void *context),
			       void *context);
/* The MESSAGE_TEXT word of the last refusal; "" if none. */
const char *db_refusal(const struct db *);

#endif
