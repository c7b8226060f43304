/* migrate.c: yuanjian-migrate, brings the database to the shape of this release. */
#include "migrate.h"

#include <mysqld_error.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/log.h"
#include "db/row.h"

static const char *const own_tables[] = {
	"CREATE TABLE IF NOT EXISTS schema_migration ("
	" number INT UNSIGNED NOT NULL PRIMARY KEY, name VARCHAR(64) NOT NULL,"
	" sha256 CHAR(64) CHARACTER SET ascii NOT NULL,"
	" statements INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'done so far',"
	" applied_at DATETIME NULL COMMENT 'NULL: not finished') ENGINE=InnoDB",
	"CREATE TABLE IF NOT EXISTS schema_file ("
	" name VARCHAR(64) NOT NULL PRIMARY KEY,"
	" sha256 CHAR(64) CHARACTER SET ascii NOT NULL,"
	" applied_at DATETIME NOT NULL) ENGINE=InnoDB"
	" COMMENT 'what is applied again whenever it changes'",
	"CREATE TABLE IF NOT EXISTS schema_lock (id TINYINT UNSIGNED NOT NULL PRIMARY KEY)"
	" ENGINE=InnoDB COMMENT 'whoever locks its row migrates'",
	"INSERT IGNORE INTO schema_lock VALUES (1)",
};

void complain(struct tool *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	t->failures++;
}

/* An empty statement (only for MySQL, see routines/) is no error. */
bool run_statement(struct tool *t, const struct script *s, size_t i, unsigned *code)
{
	struct buffer why = BUFFER_INIT;

	*code = db_try(t->db, s->statement[i].sql, &why);
	if (*code == ER_EMPTY_QUERY)
		*code = 0;
	if (*code)
		complain(t, "%s:%d: %s", s->statement[i].path, s->statement[i].line,
			 buffer_text(&why));
	buffer_release(&why);
	return !*code;
}

/* Whether an error says that the statement had been done already: the run
 * before was interrupted between the statement and its mark. */
static bool is_done_already(unsigned code)
{
	return code == ER_TABLE_EXISTS_ERROR || code == ER_DUP_FIELDNAME ||
	       code == ER_DUP_KEYNAME || code == ER_BAD_TABLE_ERROR ||
	       code == ER_CANT_DROP_FIELD_OR_KEY || code == ER_TRG_ALREADY_EXISTS;
}

/* A statement and the mark that it is done: one transaction where the
 * statement can be part of one; else see is_done_already(). */
static bool migrate_statement(struct tool *t, const struct script *s, size_t i, bool resumed)
{
	unsigned code;

	db_exec(t->db, "START TRANSACTION", DB_NO_ARGS);
	if (!run_statement(t, s, i, &code)) {
		if (!resumed || !is_done_already(code)) {
			db_exec(t->db, "ROLLBACK", DB_NO_ARGS);
			return false;
		}
		fprintf(stderr, "%s:%d: was done before the interruption\n", s->path,
			s->statement[i].line);
		t->failures--;
	}
	db_exec(t->db, "UPDATE schema_migration SET statements = ? WHERE number = ?",
		DB_ARGS(db_int((int64_t)i + 1), db_int(s->number)));
	db_exec(t->db, "COMMIT", DB_NO_ARGS);
	return true;
}

static bool migrate(struct tool *t, const struct script *s, const struct applied *a)
{
	if (!a->there)
		db_exec(t->db,
			"INSERT INTO schema_migration (number, name, sha256) VALUES (?, ?, ?)",
			DB_ARGS(db_int(s->number), db_text(s->name), db_text(s->sha256)));
	for (size_t i = a->statements; i < s->count; i++)
		if (!migrate_statement(t, s, i, a->there && i == a->statements))
			return false;
	db_exec(t->db, "UPDATE schema_migration SET applied_at = UTC_TIMESTAMP() WHERE number = ?",
		DB_ARGS(db_int(s->number)));
	printf("%s applied\n", s->name);
	return true;
}

/* Whether the server has what an unchanged file says; tells what it has not. */
static bool server_differs(struct tool *t, const struct repeatable *file, const struct script *s)
{
	t->mending = true;
	t->seen.differences = 0;
	file->compare(t, s);
	t->mending = false;
	return t->seen.differences;
}

static bool run_all(struct tool *t, const struct script *s)
{
	unsigned code;

	for (size_t i = 0; i < s->count; i++)
		if (!is_rights_statement(&s->statement[i]) && !run_statement(t, s, i, &code))
			return false;
	return true;
}

/* Rights are asked for in any case: they may be gone with what they were on. */
static void apply_repeatable(struct tool *t, const struct repeatable *file, bool *changed)
{
	struct script s;
	bool mended;

	if (!read_script(t, file->name, &s))
		return;
	if (!file_is_applied(t, file->name, s.sha256))
		*changed = true;
	mended = !*changed && server_differs(t, file, &s);
	if ((*changed || mended) && !run_all(t, &s))
		goto out;
	if (!strcmp(file->name, "grants.sql") && mend_grants(t, &s) && !*changed) {
		printf("%zu rights given, %zu taken away\n", t->seen.given, t->seen.taken);
		mended = true;
	}
	if (t->failures)
		goto out;
	if (*changed)
		note_file(t, file->name, s.sha256);
	if (*changed || mended)
		printf("%s applied%s\n", file->name, *changed ? "" : " again");
out:
	script_release(&s);
}

static void up(struct tool *t)
{
	struct script *list = xcalloc(MIGRATIONS_MAX, sizeof(*list));
	int count = read_migrations(t, list);
	bool changed = false;

	check_database(t);
	check_applied(t, list, count);
	for (int i = 0; i < count && !t->failures; i++) {
		struct applied a = applied_migration(t, list[i].number);

		if (!a.done)
			migrate(t, &list[i], &a);
	}
	for (size_t i = 0; i < REPEATABLE_COUNT && !t->failures; i++)
		apply_repeatable(t, &repeatable[i], &changed);
	release_migrations(list, count);
}

/* Under the row lock of a second connection, since a change of a table ends
 * the transaction, and so the locks, of its own. */
static bool up_locked(struct db *lock, void *tool)
{
	bool mine = db_exists(lock, "SELECT 1 FROM schema_lock FOR UPDATE", DB_NO_ARGS);

	if (mine)
		up(tool);
	return mine;
}

static void run_up(struct tool *t, const char *argument UNUSED)
{
	struct db *lock = db_open(t->config, DB_OWNER);

	for (size_t i = 0; i < ARRAY_SIZE(own_tables); i++)
		db_exec(t->db, own_tables[i], DB_NO_ARGS);
	if (db_transaction(lock, up_locked, t) != DB_DONE)
		die("schema_lock has no row");
	db_close(lock);
}

static const struct command {
	const char *name, *argument, *help;
	void (*run)(struct tool *, const char *argument);
} commands[] = {
	{ "status", NULL, "what is applied and what is not", run_status },
	{ "up", NULL, "apply what is missing", run_up },
	{ "verify", NULL, "is the database as this release wants it?", run_verify },
	{ "accounts", NULL, "set the accounts' passwords from the secrets file", run_accounts },
	{ "regions", "FILE", "load the regions (TAB-separated)", run_regions },
	{ "load", "FILE", "load a file of rows, all or none", run_load },
};

static int usage(FILE *out)
{
	fputs("usage: yuanjian-migrate COMMAND [FILE]\n\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-8s %-5s %s\n", commands[i].name,
			commands[i].argument ? commands[i].argument : "", commands[i].help);
	fputs("\nYJ_CONFIG names the config file, YJ_SCHEMA the folder of the SQL files.\n", out);
	return out == stdout ? 0 : 2;
}

static bool is_plain_name(const char *name)
{
	return *name && !name[strspn(name, "0123456789abcdefghijklmnopqrstuvwxyz"
					   "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-")];
}

/* The accounts of the config, and what stands for them in the scripts. */
static void name_accounts(struct tool *t)
{
	static const struct {
		enum db_part part;
		const char *name;
	} parts[ACCOUNT_COUNT] = { { DB_APPLY, "apply" },
				   { DB_CLERK, "clerk" },
				   { DB_ADMIN, "admin" },
				   { DB_PUSH, "push" },
				   { DB_CRON, "cron" } };
	struct mark *mark = t->mark;

	for (size_t i = 0; i < ACCOUNT_COUNT; i++) {
		struct account *a = &t->account[i];

		*a = (struct account){ parts[i].part, parts[i].name,
				       db_user(t->config, parts[i].part), NULL };
		if (!is_plain_name(a->user))
			die("db_user_%s: a name of letters, digits, _ and -", a->name);
		a->quoted = xprintf("'%s'@'%s'", a->user, t->host);
		*mark++ = (struct mark){ xprintf("yj_%s@HOST", a->name), xstrdup(a->quoted) };
		*mark++ = (struct mark){ xprintf("'yj_%s'", a->name), xprintf("'%s'", a->user) };
	}
	*mark = (struct mark){ xstrdup("@HOST"), xprintf("@'%s'", t->host) };
}

static void forget_accounts(struct tool *t)
{
	for (size_t i = 0; i < ACCOUNT_COUNT; i++)
		free(t->account[i].quoted);
	for (size_t i = 0; i < ARRAY_SIZE(t->mark); i++) {
		free(t->mark[i].word);
		free(t->mark[i].text);
	}
}

static int run(const struct command *command, const char *argument)
{
	const char *folder = getenv("YJ_SCHEMA");
	struct tool t = { .folder = folder ? folder : DATADIR "/yuanjian/schema" };
	struct config *config = config_open();

	t.config = config;
	t.host = *config_text(config, "db_socket") ? "localhost" : "%";
	name_accounts(&t);
	t.db = db_open(config, DB_OWNER);
	command->run(&t, argument);
	db_close(t.db);
	forget_accounts(&t);
	config_free(config);
	return t.failures ? 1 : 0;
}

int main(int argc, char **argv)
{
	log_identify("yuanjian-migrate", "-");
	if (argc == 2 && !strcmp(argv[1], "--help"))
		return usage(stdout);
	for (size_t i = 0; argc >= 2 && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[1], commands[i].name) && argc == (commands[i].argument ? 3 : 2))
			return run(&commands[i], argv[2]);
	return usage(stderr);
}
