/* grants.c: the accounts' rights, as grants.sql says and as the server has them.
 *
 * Rights are given and taken one by one, each by what the server says about the
 * account, so a program that runs meanwhile is never without a right that it
 * keeps, and rights on other databases of the server are let alone. The owner
 * may not look into the server's own tables: each account is asked by logging in
 * with its password. */
#include "migrate.h"

#include <mysqld_error.h>

#include "base/alloc.h"
#include "db/row.h"
#include "rights.h"

/* Taking a right from a whole table takes it from each column, and MySQL drops
 * the rights on a routine with the routine: what is missing then is given in
 * the next round. */
#define ROUNDS 3

/* What the server says about one account. */
struct answer {
	struct rights rights;
	struct buffer why; /* it could not be asked */
	bool known;
};

static bool is_grant(const struct statement *s)
{
	struct words w = { .at = s->sql };

	return words_next(&w) && words_is(&w, "GRANT");
}

/* The rights that the script gives, on this database. */
static struct rights read_wanted(struct tool *t, const struct script *s)
{
	struct rights wanted = { 0 };

	for (size_t i = 0; i < s->count; i++)
		if (is_grant(&s->statement[i]) && !rights_parse(&wanted, s->statement[i].sql, i))
			complain(t, "%s:%d: not understood", s->path, s->statement[i].line);
	for (size_t i = 0; i < wanted.count; i++) {
		free(wanted.right[i].schema);
		wanted.right[i].schema = xstrdup(config_text(t->config, "db_name"));
	}
	return wanted;
}

/* On an account's own connection. A log-in may be as another account of that name,
 * made for another host: then its rights are not those that the file gives. */
static bool read_own(struct tool *t, struct db *db, const struct account *a, struct answer *answer)
{
	char user[512], *expected = xprintf("%s@%s", a->user, t->host), *column;
	const char *grant;
	struct db_result *r;

	db_one(db, "SELECT CURRENT_USER() AS user", DB_NO_ARGS, DB_OUT(DB_TEXT("user", user)));
	if (strcmp(user, expected) != 0) {
		buffer_printf(&answer->why, "the server takes it for %s, not for %s", user,
			      expected);
		free(expected);
		return false;
	}
	column = xprintf("Grants for %s", expected);
	r = db_select(db, "SHOW GRANTS", DB_NO_ARGS);
	while (db_next_row(r, DB_OUT(DB_VIEW(column, &grant))))
		rights_parse(&answer->rights, grant, 0);
	db_result_free(r);
	free(column);
	free(expected);
	return true;
}

static struct answer ask(struct tool *t, const struct account *a)
{
	struct answer answer = { { 0 }, BUFFER_INIT, false };
	struct db *db = db_try_open(t->config, a->part, &answer.why);

	answer.known = db && read_own(t, db, a, &answer);
	db_close(db);
	return answer;
}

static void answer_release(struct answer *a)
{
	rights_release(&a->rights);
	buffer_release(&a->why);
}

static bool is_too_much(const struct tool *t, const struct right *r, const struct rights *wanted)
{
	return right_concerns(r, config_text(t->config, "db_name")) && !rights_have(wanted, r);
}

static bool is_missing(const struct right *wanted, const struct answer *a, const char *user)
{
	return !strcmp(wanted->user, user) && !rights_have(&a->rights, wanted);
}

static void tell_right(struct tool *t, const char *user, const char *what, const struct right *r)
{
	struct buffer words = BUFFER_INIT;

	right_describe(r, &words);
	complain(t, "%s %s %s", user, what, buffer_text(&words));
	buffer_release(&words);
}

/* One sentence about one account that uses several databases. */
static void tell_elsewhere(const struct tool *t, const char *user, const struct rights *r)
{
	for (size_t i = 0; i < r->count; i++) {
		if (right_concerns(&r->right[i], config_text(t->config, "db_name")))
			continue;
		printf("%s also has rights on the database %s\n", user, r->right[i].schema);
		return;
	}
}

static void verify_account(struct tool *t, const struct account *account,
			   const struct rights *wanted)
{
	const char *user = account->user;
	struct answer a = ask(t, account);

	if (!a.known)
		complain(t, "%s cannot be asked for its rights: %s", user, buffer_text(&a.why));
	for (size_t i = 0; a.known && i < wanted->count; i++)
		if (is_missing(&wanted->right[i], &a, user))
			tell_right(t, user, "lacks", &wanted->right[i]);
	for (size_t i = 0; i < a.rights.count; i++) {
		const struct right *r = &a.rights.right[i];

		if (is_too_much(t, r, wanted))
			tell_right(t, user, "must not have", r);
		t->seen.rights += right_concerns(r, config_text(t->config, "db_name"));
	}
	tell_elsewhere(t, user, &a.rights);
	answer_release(&a);
}

void verify_grants(struct tool *t, const struct script *s)
{
	struct rights wanted = read_wanted(t, s);

	for (size_t i = 0; i < ACCOUNT_COUNT; i++)
		verify_account(t, &t->account[i], &wanted);
	rights_release(&wanted);
}

static bool take_away(struct tool *t, const struct account *a, const struct right *r)
{
	struct buffer sql = BUFFER_INIT, why = BUFFER_INIT;
	bool ok = right_revoke_sql(r, config_text(t->config, "db_name"), a->quoted, &sql);

	if (!ok)
		buffer_puts(&why, "the server's administrator must take it away");
	else
		ok = !db_try(t->db, buffer_text(&sql), &why);
	if (!ok) {
		struct buffer what = BUFFER_INIT;

		right_describe(r, &what);
		complain(t, "%s must not have %s: %s", a->user, buffer_text(&what),
			 buffer_text(&why));
		buffer_release(&what);
	}
	buffer_release(&sql);
	buffer_release(&why);
	return ok;
}

/* Runs each statement of the script that gives the account what it lacks. */
static size_t give_missing(struct tool *t, const struct script *s, const struct rights *wanted,
			   const struct answer *a, const char *user)
{
	size_t given = 0, last = s->count;
	unsigned code;

	for (size_t i = 0; i < wanted->count && !t->failures; i++) {
		const struct right *r = &wanted->right[i];

		if (!is_missing(r, a, user))
			continue;
		given++;
		if (r->statement != last)
			run_statement(t, s, r->statement, &code);
		last = r->statement;
	}
	return given;
}

/* Makes the account, locked; an account that is there is let alone. Whether it
 * was made: then it has no rights. */
static bool make_account(struct tool *t, const struct account *a)
{
	struct buffer sql = BUFFER_INIT, why = BUFFER_INIT;

	buffer_printf(&sql, "CREATE USER %s ACCOUNT LOCK", a->quoted);
	unsigned code = db_try(t->db, buffer_text(&sql), &why);
	if (code && code != ER_CANNOT_USER)
		complain(t, "%s: %s", a->user, buffer_text(&why));
	buffer_release(&sql);
	buffer_release(&why);
	return !code;
}

/* Brings one account's rights to those wanted; how many were given and taken. */
static size_t mend_account(struct tool *t, const struct script *s, const struct rights *wanted,
			   const struct account *a, const struct answer *answer)
{
	size_t given = give_missing(t, s, wanted, answer, a->user), taken = 0;

	for (size_t i = 0; i < answer->rights.count && !t->failures; i++)
		if (is_too_much(t, &answer->rights.right[i], wanted))
			taken += take_away(t, a, &answer->rights.right[i]);
	t->seen.given += given;
	t->seen.taken += taken;
	return given + taken;
}

/* One that cannot be asked is given everything, which harms nothing. */
static void mend_unasked(struct tool *t, const struct script *s, const struct rights *wanted,
			 const struct account *a, const struct answer *answer)
{
	bool made = make_account(t, a);
	size_t given = t->failures ? 0 : give_missing(t, s, wanted, answer, a->user);

	if (made)
		t->seen.given += given;
	else if (!t->failures)
		printf("%s cannot be asked for its rights (%s): it is given all it should have; "
		       "what it has too much is found once it can log in\n",
		       a->user, buffer_text(&answer->why));
}

bool mend_grants(struct tool *t, const struct script *s)
{
	struct rights wanted = read_wanted(t, s);

	t->seen.given = t->seen.taken = 0;
	for (size_t i = 0; i < ACCOUNT_COUNT; i++) {
		size_t changes = 1;

		for (int round = 0; round < ROUNDS && changes && !t->failures; round++) {
			struct answer answer = ask(t, &t->account[i]);

			changes = 0;
			if (answer.known)
				changes = mend_account(t, s, &wanted, &t->account[i], &answer);
			else
				mend_unasked(t, s, &wanted, &t->account[i], &answer);
			answer_release(&answer);
		}
	}
	rights_release(&wanted);
	return t->seen.given || t->seen.taken;
}

bool is_rights_statement(const struct statement *s)
{
	return is_grant(s);
}
