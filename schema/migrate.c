/* migrate.c: yuanjian-migrate, brings the database to the shape of this release. */
#include "migrate.h"

#include <dirent.h>
#include <errno.h>
#include <mysqld_error.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/log.h"

#define MIGRATIONS_MAX 999

/* What has been applied of a migration. */
struct applied {
	char name[65], sha256[2 * SHA256_SIZE + 1];
	size_t statements;
	bool there, done;
};

/* Applied in this order, each again when it or one before it changed. */
static const char *const repeatable[] = { "flow.sql", "procedures.sql", "grants.sql" };

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

/* One script of the folder; complains and gives false when it is not there. */
static bool read_script(struct tool *t, const char *name, struct script *s)
{
	char *path = xprintf("%s/%s", t->folder, name);
	bool ok = script_read(path, t->host, s);

	if (!ok)
		complain(t, "%s: %s", path, strerror(errno));
	free(path);
	return ok;
}

static bool has_table(struct tool *t, const char *name)
{
	struct db_result *r = db_select(t->db,
					"SELECT 1 FROM information_schema.tables"
					" WHERE table_schema = DATABASE() AND table_name = ?",
					DB_ARGS(db_text(name)));
	bool found = db_next(r);

	db_result_free(r);
	return found;
}

static struct applied applied_migration(struct tool *t, int number)
{
	struct applied a = { 0 };

	if (!has_table(t, "schema_migration"))
		return a;
	struct db_result *r = db_select(t->db,
					"SELECT name, sha256, statements, applied_at"
					" FROM schema_migration WHERE number = ?",
					DB_ARGS(db_int(number)));
	if (db_next(r)) {
		a.there = true;
		snprintf(a.name, sizeof(a.name), "%s", db_text_at(r, 0));
		snprintf(a.sha256, sizeof(a.sha256), "%s", db_text_at(r, 1));
		a.statements = (size_t)db_int_at(r, 2);
		a.done = !db_is_null(r, 3);
	}
	db_result_free(r);
	return a;
}

bool file_is_applied(struct tool *t, const char *name, const char *sha256)
{
	if (!has_table(t, "schema_file"))
		return false;
	struct db_result *r = db_select(t->db,
					"SELECT 1 FROM schema_file WHERE name = ? AND sha256 = ?",
					DB_ARGS(db_text(name), db_text(sha256)));
	bool found = db_next(r);

	db_result_free(r);
	return found;
}

void note_file(struct tool *t, const char *name, const char *sha256)
{
	db_exec(t->db, "REPLACE INTO schema_file VALUES (?, ?, UTC_TIMESTAMP())",
		DB_ARGS(db_text(name), db_text(sha256)));
}

/* An empty statement (only for MySQL, see procedures.sql) is no error. */
bool run_statement(struct tool *t, const struct script *s, size_t i, unsigned *code)
{
	struct buffer why = BUFFER_INIT;

	*code = db_try(t->db, s->statement[i].sql, &why);
	if (*code == ER_EMPTY_QUERY)
		*code = 0;
	if (*code)
		complain(t, "%s:%d: %s", s->path, s->statement[i].line, buffer_text(&why));
	buffer_release(&why);
	return !*code;
}

/* Whether an error says that the statement had been done already: the run
 * before was interrupted between the statement and its mark. */
static bool is_done_already(unsigned code)
{
	return code == ER_TABLE_EXISTS_ERROR || code == ER_DUP_FIELDNAME ||
	       code == ER_DUP_KEYNAME || code == ER_BAD_TABLE_ERROR ||
	       code == ER_CANT_DROP_FIELD_OR_KEY;
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

static int is_migration(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return strspn(entry->d_name, "0123456789") == 4 && entry->d_name[4] == '-' && len > 4 &&
	       !strcmp(entry->d_name + len - 4, ".sql");
}

/* Reads the numbered files in order; complains about gaps. The count. */
static int read_migrations(struct tool *t, struct script *list)
{
	char *folder = xprintf("%s/migrations", t->folder);
	struct dirent **entry = NULL;
	int count = scandir(folder, &entry, is_migration, alphasort), taken = 0;

	if (count <= 0)
		complain(t, "%s: %s", folder, count ? strerror(errno) : "no migrations");
	for (int i = 0; i < count; i++) {
		char *name = xprintf("migrations/%s", entry[i]->d_name);

		if (i < MIGRATIONS_MAX && read_script(t, name, &list[taken])) {
			taken++;
			if (list[taken - 1].number != taken)
				complain(t, "%s: number %d is missing", folder, taken);
		}
		free(name);
		free(entry[i]);
	}
	free(entry);
	free(folder);
	return taken;
}

/* Complains about what is applied and not (or not so) in the folder. */
static void check_applied(struct tool *t, const struct script *list, int count)
{
	for (int i = 0; i < count; i++) {
		struct applied a = applied_migration(t, list[i].number);

		if (a.there && strcmp(a.sha256, list[i].sha256) != 0)
			complain(t, "%s: the checksum differs from that of the %s one",
				 list[i].name, a.done ? "applied" : "half applied");
	}
	if (!has_table(t, "schema_migration"))
		return;
	struct db_result *r = db_select(t->db,
					"SELECT number, name FROM schema_migration"
					" WHERE number > ? ORDER BY number",
					DB_ARGS(db_int(count)));
	while (db_next(r))
		complain(t, "%s: applied, but not in %s/migrations", db_text_at(r, 1), t->folder);
	db_result_free(r);
}

static void release_all(struct script *list, int count)
{
	for (int i = 0; i < count; i++)
		script_release(&list[i]);
	free(list);
}

static bool apply_repeatable(struct tool *t, const char *name, bool *changed)
{
	struct script s;
	unsigned code;
	bool ok = true;

	if (!read_script(t, name, &s))
		return false;
	if (*changed || !file_is_applied(t, name, s.sha256)) {
		*changed = true;
		for (size_t i = 0; ok && i < s.count; i++)
			ok = run_statement(t, &s, i, &code);
		if (ok) {
			note_file(t, name, s.sha256);
			printf("%s applied\n", name);
		}
	}
	script_release(&s);
	return ok;
}

static void check_database(struct tool *t)
{
	struct db_result *r = db_select(t->db, "SELECT @@character_set_database", DB_NO_ARGS);

	if (db_next(r) && strcmp(db_text_at(r, 0), "utf8mb4") != 0)
		complain(t,
			 "the database's character set is %s: ALTER DATABASE %s"
			 " CHARACTER SET utf8mb4",
			 db_text_at(r, 0), config_text(t->config, "db_name"));
	db_result_free(r);
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
	for (size_t i = 0; i < ARRAY_SIZE(repeatable) && !t->failures; i++)
		apply_repeatable(t, repeatable[i], &changed);
	release_all(list, count);
}

/* Under the row lock of a second connection, since a change of a table ends
 * the transaction, and so the locks, of its own. */
static bool up_locked(struct db *lock, void *tool)
{
	struct db_result *r = db_select(lock, "SELECT id FROM schema_lock FOR UPDATE", DB_NO_ARGS);
	bool mine = db_next(r);

	db_result_free(r);
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

/* Prints where everything stands; what is not applied is a failure. */
static void run_status(struct tool *t, const char *argument UNUSED)
{
	struct script *list = xcalloc(MIGRATIONS_MAX, sizeof(*list)), s;
	int count = read_migrations(t, list);

	for (int i = 0; i < count; i++) {
		struct applied a = applied_migration(t, list[i].number);
		bool same = a.there && !strcmp(a.sha256, list[i].sha256);

		printf("%-40s %s\n", list[i].name,
		       !a.there ? "missing" :
		       !same    ? "changed" :
		       a.done   ? "applied" :
				  "half applied");
		t->failures += !same || !a.done;
	}
	for (size_t i = 0; i < ARRAY_SIZE(repeatable); i++) {
		if (!read_script(t, repeatable[i], &s))
			continue;
		bool same = file_is_applied(t, s.name, s.sha256);
		printf("%-40s %s\n", s.name, same ? "applied" : "to be applied");
		t->failures += !same;
		script_release(&s);
	}
	release_all(list, count);
}

/* As status, silent when all is well, and with the reasons when not. */
static void run_verify(struct tool *t, const char *argument UNUSED)
{
	struct script *list = xcalloc(MIGRATIONS_MAX, sizeof(*list)), s;
	int count = read_migrations(t, list);

	check_database(t);
	check_applied(t, list, count);
	for (int i = 0; i < count; i++) {
		struct applied a = applied_migration(t, list[i].number);

		if (!a.there)
			complain(t, "%s: not applied", list[i].name);
		else if (!a.done)
			complain(t, "%s: half applied", list[i].name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(repeatable); i++) {
		if (!read_script(t, repeatable[i], &s))
			continue;
		if (!file_is_applied(t, s.name, s.sha256))
			complain(t, "%s: not applied in this form", s.name);
		script_release(&s);
	}
	release_all(list, count);
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
	{ "load", "FILE", "load rows, for example demo.sql", run_load },
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

static int run(const struct command *command, const char *argument)
{
	const char *folder = getenv("YJ_SCHEMA");
	struct tool t = { .folder = folder ? folder : DATADIR "/yuanjian/schema" };
	struct config *config = config_open();

	t.config = config;
	t.host = *config_text(config, "db_socket") ? "'localhost'" : "'%'";
	t.db = db_open(config, DB_OWNER);
	command->run(&t, argument);
	db_close(t.db);
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
