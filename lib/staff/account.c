/* account.c: the accounts of the staff, as an administrator changes them. */
#include "staff/staff.h"

#include "base/die.h"
#include "db/row.h"

enum flow_role staff_role(const char *name)
{
	static const enum flow_role roles[] = { FLOW_CLERK, FLOW_PRODUCER, FLOW_ADMIN, FLOW_AUDITOR,
						FLOW_ACCOUNTANT };

	for (size_t i = 0; i < ARRAY_SIZE(roles); i++)
		if (!strcmp(name, flow_role_names[roles[i]]))
			return roles[i];
	return FLOW_ROLE_COUNT;
}

struct change {
	const char *sql;
	struct db_args args;
	int64_t staff;
};

static bool change_work(struct db *db, void *context)
{
	struct change *c = context;
	char result[DB_WORD_SIZE];

	c->staff = 0;
	db_one(db, c->sql, c->args, DB_OUT(DB_TEXT("result", result), DB_INT("staff", &c->staff)));
	return c->staff;
}

static int64_t change(struct db *db, const char *sql, struct db_args args)
{
	struct change c = { .sql = sql, .args = args };

	if (db_transaction(db, change_work, &c) == DB_REFUSED)
		die("staff: a change was refused: %s", db_refusal(db));
	return c.staff;
}

int64_t staff_add(struct db *db, const char *login, const char *name, enum flow_role role,
		  const char *password)
{
	return change(db, "CALL staff_add(?, ?, ?, ?)",
		      DB_ARGS(db_text(login), db_text(name), db_text(flow_role_names[role]),
			      db_text(password)));
}

int64_t staff_set_password(struct db *db, const char *login, const char *password)
{
	return change(db, "CALL staff_change(?, ?, NULL)",
		      DB_ARGS(db_text(login), db_text(password)));
}

int64_t staff_set_active(struct db *db, const char *login, bool active)
{
	return change(db, "CALL staff_change(?, NULL, ?)", DB_ARGS(db_text(login), db_int(active)));
}

struct db_result *staff_list(struct db *db)
{
	return db_select(db, "SELECT login, role, is_active, name FROM staff ORDER BY login",
			 DB_NO_ARGS);
}

bool staff_next(struct db_result *r, struct staff_row *row)
{
	return db_next_row(r,
			   DB_OUT(DB_VIEW("login", &row->login), DB_VIEW("role", &row->role),
				  DB_FLAG("is_active", &row->active), DB_VIEW("name", &row->name)));
}
