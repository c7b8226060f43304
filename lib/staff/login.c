/* login.c: log-in and sessions of the staff. */
#include "staff/staff.h"

#include "base/die.h"
#include "db/row.h"
#include "vault/password.h"

/* The words in which the procedure answers. */
static const char *const result_names[STAFF_LOGIN_RESULT_COUNT] = {
	[STAFF_LOGIN_DONE] = "done",
	[STAFF_LOGIN_WRONG] = "wrong",
	[STAFF_LOGIN_LOCKED] = "locked",
	[STAFF_LOGIN_DISABLED] = "disabled",
};

static enum staff_login_result result_of(const char *word)
{
	for (int i = 0; i < STAFF_LOGIN_RESULT_COUNT; i++)
		if (!strcmp(word, result_names[i]))
			return (enum staff_login_result)i;
	die("staff: unknown result \"%s\"", word);
}

/* How the stored password was derived, and whether the log-in is locked now. */
static void look(struct db *db, const char *login, struct buffer *salt, struct staff_login *l)
{
	db_one(db, "CALL staff_login_begin(?)", DB_ARGS(db_text(login)),
	       DB_OUT(DB_BUFFER("salt", salt), DB_OR_NULL(DB_TEXT("until", l->until)),
		      DB_OR_NULL(DB_INT("left_s", &l->left_s))));
	if (*l->until)
		l->result = STAFF_LOGIN_LOCKED;
}

static void compare(struct db *db, const struct config *config, const char *login,
		    const char *derived, const char *token, const char *old_token,
		    struct staff_login *l)
{
	char result[DB_WORD_SIZE], role[17];

	db_one(db, "CALL staff_log_in(?, ?, ?, ?, ?, ?)",
	       DB_ARGS(db_text(login), db_text(derived), db_text(token), db_text(old_token),
		       db_int(config_int(config, "session_staff_idle_min")),
		       db_int(config_int(config, "session_staff_hours"))),
	       DB_OUT(DB_TEXT("result", result), DB_INT("staff", &l->staff), DB_TEXT("role", role),
		      DB_INT("failures", &l->failures)));
	l->result = result_of(result);
	l->role = staff_role(role);
}

void staff_log_in(struct db *db, const struct config *config, const char *login,
		  const char *password, const char *token, const char *old_token,
		  struct staff_login *l)
{
	struct buffer salt = BUFFER_INIT, derived = BUFFER_INIT;

	*l = (struct staff_login){ .role = FLOW_ROLE_COUNT };
	look(db, login, &salt, l);
	if (l->result != STAFF_LOGIN_LOCKED) {
		password_derive(password, buffer_text(&salt), &derived);
		compare(db, config, login, buffer_text(&derived), token, old_token, l);
		if (l->result == STAFF_LOGIN_LOCKED)
			look(db, login, &salt, l);
	}
	buffer_release(&salt);
	buffer_wipe(&derived);
}

void staff_log_out(struct db *db, const char *token)
{
	db_exec(db, "CALL staff_log_out(?)", DB_ARGS(db_text(token)));
}

void staff_touch(struct db *db, const struct config *config, const char *token)
{
	db_exec(db, "CALL staff_touch(?, ?)",
		DB_ARGS(db_text(token), db_int(config_int(config, "session_staff_idle_min"))));
}

long staff_purge_failures(struct db *db, int most)
{
	return db_exec(db,
		       "DELETE FROM login_failure"
		       " WHERE tried_at < UTC_TIMESTAMP(3) - INTERVAL 1 DAY"
		       " ORDER BY login_hash LIMIT ?",
		       DB_ARGS(db_int(most)));
}
