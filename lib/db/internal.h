/* internal.h: what the files of lib/db share; nobody else includes it. */
#ifndef DB_INTERNAL_H
#define DB_INTERNAL_H

#include "db/db.h"

#include <mysql.h>

#define DB_COLUMNS_MAX 64
#define DB_SQL_KEPT 80 /* of a statement, for the words of a fault */

#ifdef MARIADB_BASE_VERSION
typedef my_bool db_bool;
#else
typedef bool db_bool;
#endif

enum db_trouble {
	TROUBLE_NONE,
	TROUBLE_AGAIN, /* deadlock or lock timeout: the transaction is tried again */
	TROUBLE_REFUSED, /* SIGNAL SQLSTATE '45000' */
};

struct db {
	MYSQL *mysql;
	bool in_transaction;
	bool writes; /* the session is set up for it */
	bool is_owner; /* and waits longer for locks */
	enum db_trouble trouble; /* sticky until the transaction ends */
	int64_t inserted_id;
	char refusal[65];
};

/* What a column holds; DB_COLUMN_DECIMAL is one without decimals. */
enum db_column_kind {
	DB_COLUMN_BYTES,
	DB_COLUMN_SIGNED,
	DB_COLUMN_UNSIGNED,
	DB_COLUMN_DECIMAL,
};

/* One value; its bytes lie in the result's text at `at`, NUL-ended. */
struct cell {
	bool null;
	int64_t number;
	size_t at, len;
};

/* The cells stand row after row. The first row is none of the statement's: its
 * cells hold the columns' names, and in `number` their enum db_column_kind. */
struct db_result {
	unsigned columns; /* 0: the statement has not run */
	size_t rows, row; /* row: 1 based, 0 before the first db_next() */
	struct cell *cell;
	size_t cell_room;
	struct buffer text;
	char sql[DB_SQL_KEPT + 1];
	/* Where row.c found the columns of its targets, in their order. */
	struct {
		const char *name;
		unsigned column;
	} place[DB_COLUMNS_MAX];
};

/* Whether TLS may be spoken: set by db_open() before the client library starts. */
extern bool db_startup_tls;
/* Whether this build can speak it: tls.c or no-tls.c. */
extern const bool db_speaks_tls;

/* Keeps a sticky error or ends the program, see db.h. */
void db_fail(struct db *, const char *sql, unsigned code, const char *sqlstate,
	     const char *message);
/* Runs a bound statement: the rows go to `result`, if given. Returns as db_exec(). */
long db_statement(struct db *, const char *sql, struct db_args, struct db_result *result);

#endif
