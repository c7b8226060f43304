/* row.h: the columns of a row, read by name into typed targets in one call.
 *
 *	int64_t id;
 *	char state[33];
 *	bool open;
 *
 *	if (db_one(db, "SELECT id, state, deadline_at > NOW() AS open FROM ...",
 *		   DB_ARGS(db_text(public_id)),
 *		   DB_OUT(DB_INT("id", &id), DB_TEXT("state", state),
 *			  DB_FLAG("open", &open))))
 *
 * Nothing is cut, guessed or left over. Each of these is our own fault and ends
 * in die(), with the column's name and the statement's beginning in the log and
 * never a value:
 * - a target names no column of the statement, or two of them;
 * - a column of the statement has no target;
 * - a text or a number does not fit its target, by one byte or by one;
 * - a number meets a target for text or the other way round;
 * - a text holds a NUL byte, so that a string would end too early;
 * - a column is NULL and its target was not made with DB_OR_NULL().
 * Names are compared even when the statement gives no row. An expression needs
 * an alias (`COUNT(*) AS n`).
 *
 * Within a transaction that has failed already (see db.h) a statement has no
 * rows and no columns, and nothing is compared. */
#ifndef DB_ROW_H
#define DB_ROW_H

#include "db/db.h"

enum db_out_type {
	DB_OUT_INT,
	DB_OUT_UINT,
	DB_OUT_INT64,
	DB_OUT_UINT64,
	DB_OUT_FLAG,
	DB_OUT_TEXT,
	DB_OUT_STRING,
	DB_OUT_VIEW,
	DB_OUT_BLOB,
	DB_OUT_BYTES,
	DB_OUT_BUFFER,
	DB_OUT_IS_NULL,
	DB_OUT_COUNT,
};

/* One target; made by the macros below. The column's name must live as long as
 * the result: it is compared as a pointer from the second row on. */
struct db_out {
	const char *column;
	enum db_out_type type;
	bool or_null;
	void *to;
	size_t size;
};

/* The targets of one statement: DB_OUT(DB_INT("id", &id), ...). */
struct db_outs {
	const struct db_out *out;
	size_t count;
};

#ifdef __cppcheck__
/* It cannot parse what stands below, and takes what it sees passed to a function
 * that it does not see as written. */
struct db_out db_target(const char *column, int, void *to, size_t);
struct db_outs db_targets(struct db_out, ...);
#define DB_OUT(...) db_targets(__VA_ARGS__)
#define DB_KIND(...) 0
#else
static inline struct db_out db_target(const char *column, enum db_out_type type, void *to,
				      size_t size)
{
	return (struct db_out){ .column = column, .type = type, .to = to, .size = size };
}
#define DB_OUT(...)                                                         \
	((struct db_outs){ (const struct db_out[]){ __VA_ARGS__ },          \
			   sizeof((const struct db_out[]){ __VA_ARGS__ }) / \
				   sizeof(struct db_out) })
/* The kind of a target by its C type; another type does not compile. */
#define DB_KIND(...) _Generic(__VA_ARGS__)
#endif

/* A whole number, also a DECIMAL without decimals, into an int, unsigned,
 * int64_t or uint64_t. */
#define DB_INT(column, to) \
	db_target(column,                                        \
		  DB_KIND((to), int * : DB_OUT_INT, unsigned * : DB_OUT_UINT, \
				   int64_t * : DB_OUT_INT64, uint64_t * : DB_OUT_UINT64), \
		  to, 0)
/* 0 or 1 into a bool. */
#define DB_FLAG(column, to) db_target(column, DB_KIND((to), bool * : DB_OUT_FLAG), to, 0)
/* Text, a date or a time into a char array, with its NUL. A pointer, whose sizeof
 * is another thing, does not compile. */
#define DB_TEXT(column, array)                             \
	db_target(column,                                  \
		  DB_KIND(&(array), char(*)[sizeof(array)] \
			  : DB_OUT_TEXT),                  \
		  array, sizeof(array))
/* The same for an array that came as a parameter, with its size. */
#define DB_TEXT_N(column, to, size) db_target(column, DB_KIND((to), char * : DB_OUT_TEXT), to, size)
/* Text of any length, which the caller frees; what was there is not freed. */
#define DB_STRING(column, to) db_target(column, DB_KIND((to), char ** : DB_OUT_STRING), to, 0)
/* Text of any length where it lies: it belongs to the result. Not for db_one(). */
#define DB_VIEW(column, to) db_target(column, DB_KIND((to), const char ** : DB_OUT_VIEW), to, 0)
/* Bytes of any length where they lie, as DB_VIEW. */
struct db_blob {
	const void *data;
	size_t len;
};
#define DB_BLOB(column, to) db_target(column, DB_KIND((to), struct db_blob * : DB_OUT_BLOB), to, 0)
/* Exactly so many bytes as the uint8_t array has. */
#define DB_BYTES(column, array)                               \
	db_target(column,                                     \
		  DB_KIND(&(array), uint8_t(*)[sizeof(array)] \
			  : DB_OUT_BYTES),                    \
		  array, sizeof(array))
/* Bytes or text of any length, in place of what the buffer held. */
#define DB_BUFFER(column, to) \
	db_target(column, DB_KIND((to), struct buffer * : DB_OUT_BUFFER), to, 0)
/* Whether the column is NULL, into a bool; alone, or beside another target. */
#define DB_IS_NULL(column, to) db_target(column, DB_KIND((to), bool * : DB_OUT_IS_NULL), to, 0)

/* The same target, which reads NULL as 0, false, "" or no bytes. */
static inline struct db_out db_or_null(struct db_out out)
{
	out.or_null = true;
	return out;
}
#define DB_OR_NULL(out) db_or_null(out)

/* Reads the row of a statement that gives one row or none, and says which. More
 * rows are a fault. Without a row each target becomes 0, false, "" or empty, a
 * DB_STRING NULL and a DB_IS_NULL true. */
bool db_one(struct db *, const char *sql, struct db_args, struct db_outs);

/* Steps to the next row of a list and reads it; false after the last one, and
 * the targets keep what they had:
 *
 *	struct db_result *r = db_select(db, sql, args);
 *
 *	while (db_next_row(r, DB_OUT(DB_INT("id", &id), DB_VIEW("name", &name))))
 *		...
 *	db_result_free(r); */
bool db_next_row(struct db_result *, struct db_outs);
/* Reads the row where the list stands. */
void db_row(struct db_result *, struct db_outs);
/* The same for some of its columns; others read the rest. */
void db_row_part(struct db_result *, struct db_outs);

/* A whole number that a row may have none of, and the two targets that read it. */
struct db_maybe {
	int64_t number; /* 0: none */
	bool none;
};
#define DB_MAYBE(column, to) \
	DB_OR_NULL(DB_INT(column, &(to)->number)), DB_IS_NULL(column, &(to)->none)

/* In a statement: a time of a column (or expression) as people in China read it,
 * to the minute. */
#define DB_MINUTE(column) "DATE_FORMAT(" column " + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i')"

/* Whether a statement gives any row. */
bool db_exists(struct db *, const char *sql, struct db_args);
/* The only column of the only row, a whole number; 0 without a row. */
int64_t db_number(struct db *, const char *sql, struct db_args);

/* The day in China by the database's clock: "2026-01-31". */
#define DB_DAY_SIZE 11
void db_today(struct db *, char out[DB_DAY_SIZE]);

/* The one word that a procedure answers in its column `result`: "decided". ""
 * when it did not come to answer. */
#define DB_WORD_SIZE 24
void db_call(struct db *, const char *sql, struct db_args, char out[DB_WORD_SIZE]);

#endif
