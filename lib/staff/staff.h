/* staff.h: the people who work here: log-in, sessions, accounts.
 *
 * The tables are staff, staff_session and login_failure. No account but the owner can
 * write them: the procedures of schema/routines/staff.sql do, and each leaves a row of
 * the table act. A program has a person's token from their cookie; the procedures hash
 * it and look up person and role themselves, so a program cannot act for somebody who
 * has not logged in. */
#ifndef STAFF_STAFF_H
#define STAFF_STAFF_H

#include "base/config.h"
#include "db/db.h"
#include "flow/flow.h"

#define STAFF_LOGIN_MIN 2
#define STAFF_LOGIN_MAX 32
#define STAFF_NAME_MAX 50 /* characters */
#define STAFF_LOGIN_TYPED_MAX 64 /* bytes of what is typed as a log-in */

/* The role of that name, if it is one that people have; else FLOW_ROLE_COUNT. */
enum flow_role staff_role(const char *name);

enum staff_login_result {
	STAFF_LOGIN_DONE, /* the token is a session now */
	STAFF_LOGIN_WRONG, /* no such person, or another password */
	STAFF_LOGIN_LOCKED, /* too many failures in a row; the password counts for nothing */
	STAFF_LOGIN_DISABLED, /* the right password of a person who has left */
	STAFF_LOGIN_RESULT_COUNT,
};

struct staff_login {
	enum staff_login_result result;
	int64_t staff; /* 0 unless done or disabled */
	enum flow_role role;
	int failures; /* in a row, this one too; 0 while locked */
	char until[16]; /* locked: China's time, "14:05:00"; else "" */
	int64_t left_s; /* locked: so many seconds from now */
};

/* A log-in by name and password, for a token that was just drawn; `old_token` (may be
 * "") ends with it. The attempt is counted by what was typed as `login` before the
 * password is compared; an unknown name takes as long as a known one. Not within
 * db_transaction(), which would take back the count. */
void staff_log_in(struct db *, const struct config *, const char *login, const char *password,
		  const char *token, const char *old_token, struct staff_login *);
/* Ends the session of a token; one that is none is let be. */
void staff_log_out(struct db *, const char *token);
/* Moves the idle end of a session that is in use, if its role is one for which the
 * program's account speaks. */
void staff_touch(struct db *, const struct config *, const char *token);

/* For the job: forgets at most so many counts of failures, of log-ins that nobody tried
 * for a day; how many there were. Account: DB_CRON. */
long staff_purge_failures(struct db *, int most);

/* Changes of accounts, each in a transaction of its own. `password` is in its stored
 * form (vault/password.h). The id of the person; 0 when the log-in is taken (add) or
 * unknown. A new password and leaving end all sessions; a new password and coming back
 * forget failed log-ins. */
int64_t staff_add(struct db *, const char *login, const char *name, enum flow_role,
		  const char *password);
int64_t staff_set_password(struct db *, const char *login, const char *password);
int64_t staff_set_active(struct db *, const char *login, bool active);

/* A list of all people, by log-in; the caller frees the result with db_result_free(),
 * and what a row points to belongs to it. */
struct staff_row {
	const char *login, *role, *name;
	bool active;
};
struct db_result *staff_list(struct db *);
bool staff_next(struct db_result *, struct staff_row *);

#endif
