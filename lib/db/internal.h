/* internal.h: what the files of lib/db share; nobody else includes it. */
#ifndef DB_INTERNAL_H
#define DB_INTERNAL_H

#include "db/db.h"

#include <mysql.h>

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
