/* rights.h: what a GRANT gives, as a list of single rights. The same words are read
 * from grants.sql and from the server's SHOW GRANTS, MariaDB's or MySQL's, so
 * that the two can be compared. */
#ifndef SCHEMA_RIGHTS_H
#define SCHEMA_RIGHTS_H

#include "script.h"

/* One verb of one account on one column, or on the whole of an object. */
struct right {
	char *verb; /* SELECT, EXECUTE …, GRANT OPTION, PROXY; ROLE for membership */
	char *column; /* "" for the whole */
	char *kind; /* TABLE (views too), PROCEDURE, FUNCTION … */
	char *schema; /* "" where the statement names none; a pattern where object is "*" */
	char *object; /* "*" for all of them; the name of a role */
	char *user;
	size_t statement; /* as given to rights_parse() */
};

struct rights {
	struct right *right;
	size_t count;
};

/* Appends what the statement gives; USAGE is nothing. False when the statement
 * is no GRANT that this knows, in part appended or not. */
bool rights_parse(struct rights *, const char *sql, size_t statement);
void rights_release(struct rights *);
/* Whether the list has this right: of the same account on the same object. */
bool rights_have(const struct rights *, const struct right *);
/* Whether it holds for the schema: named, or by a pattern, or for all. Roles and
 * proxies do, since they may bring anything. */
bool right_concerns(const struct right *, const char *schema);
/* "UPDATE (email) on applicant", appended. */
void right_describe(const struct right *, struct buffer *);
/* The statement that takes it from the account, appended; false when this is no
 * right on the schema alone, which only the server's administrator takes. */
bool right_revoke_sql(const struct right *, const char *schema, const char *account,
		      struct buffer *);

#endif
