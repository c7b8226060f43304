/* applied.c: what the folder holds, what of it was applied, and status and verify. */
#include "migrate.h"

#include <dirent.h>
#include <errno.h>

#include "base/alloc.h"
#include "db/row.h"

const struct repeatable repeatable[REPEATABLE_COUNT] = {
	{ "flow.sql", compare_rows },
	{ "routines", compare_objects },
	{ "grants.sql", compare_rows },
};

/* The files of routines/ in the order in which they are applied, which is that of
 * the triggers of one table: a form's before the price's. */
static const char *const routines[] = {
	"flow",   "form",     "review",  "payment", "billing", "outbox",
	"wechat", "identity", "session", "staff",   "act",
};

static bool read_file(struct tool *t, const char *name, struct script *s)
{
	char *path = xprintf("%s/%s", t->folder, name);
	bool ok = script_read(path, t->mark, s);

	if (!ok)
		complain(t, "%s: %s", path, strerror(errno));
	free(path);
	return ok;
}

static bool read_routines(struct tool *t, struct script *all)
{
	bool ok = true;

	*all = (struct script){ .name = "routines" };
	for (size_t i = 0; ok && i < ARRAY_SIZE(routines); i++) {
		char *name = xprintf("routines/%s.sql", routines[i]);
		struct script one;

		ok = read_file(t, name, &one);
		if (ok)
			script_append(all, &one);
		free(name);
	}
	if (!ok)
		script_release(all);
	return ok;
}

bool read_script(struct tool *t, const char *name, struct script *s)
{
	bool ok = !strcmp(name, "routines") ? read_routines(t, s) : read_file(t, name, s);

	if (ok)
		script_each_form(s);
	return ok;
}

bool has_table(struct tool *t, const char *name)
{
	return db_exists(t->db,
			 "SELECT 1 FROM information_schema.tables"
			 " WHERE table_schema = DATABASE() AND table_name = ?",
			 DB_ARGS(db_text(name)));
}

struct applied applied_migration(struct tool *t, int number)
{
	struct applied a = { 0 };
	bool undone = true;

	if (!has_table(t, "schema_migration"))
		return a;
	a.there = db_one(t->db,
			 "SELECT name, sha256, statements, applied_at"
			 " FROM schema_migration WHERE number = ?",
			 DB_ARGS(db_int(number)),
			 DB_OUT(DB_TEXT("name", a.name), DB_TEXT("sha256", a.sha256),
				DB_INT("statements", &a.statements),
				DB_IS_NULL("applied_at", &undone)));
	a.done = !undone;
	return a;
}

bool file_is_applied(struct tool *t, const char *name, const char *sha256)
{
	return has_table(t, "schema_file") &&
	       db_exists(t->db, "SELECT 1 FROM schema_file WHERE name = ? AND sha256 = ?",
			 DB_ARGS(db_text(name), db_text(sha256)));
}

void note_file(struct tool *t, const char *name, const char *sha256)
{
	db_exec(t->db, "REPLACE INTO schema_file VALUES (?, ?, UTC_TIMESTAMP())",
		DB_ARGS(db_text(name), db_text(sha256)));
}

static int is_migration(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return strspn(entry->d_name, "0123456789") == 4 && entry->d_name[4] == '-' && len > 4 &&
	       !strcmp(entry->d_name + len - 4, ".sql");
}

int read_migrations(struct tool *t, struct script *list)
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

void check_applied(struct tool *t, const struct script *list, int count)
{
	for (int i = 0; i < count; i++) {
		struct applied a = applied_migration(t, list[i].number);

		if (a.there && strcmp(a.sha256, list[i].sha256) != 0)
			complain(t, "%s: the checksum differs from that of the %s one",
				 list[i].name, a.done ? "applied" : "half applied");
	}
	if (!has_table(t, "schema_migration"))
		return;
	const char *name;
	struct db_result *r = db_select(t->db,
					"SELECT name FROM schema_migration"
					" WHERE number > ? ORDER BY number",
					DB_ARGS(db_int(count)));
	while (db_next_row(r, DB_OUT(DB_VIEW("name", &name))))
		complain(t, "%s: applied, but not in %s/migrations", name, t->folder);
	db_result_free(r);
}

void release_migrations(struct script *list, int count)
{
	for (int i = 0; i < count; i++)
		script_release(&list[i]);
	free(list);
}

void check_database(struct tool *t)
{
	char charset[65];

	db_one(t->db, "SELECT @@character_set_database AS charset", DB_NO_ARGS,
	       DB_OUT(DB_TEXT("charset", charset)));
	if (strcmp(charset, "utf8mb4") != 0)
		complain(t,
			 "the database's character set is %s: ALTER DATABASE %s"
			 " CHARACTER SET utf8mb4",
			 charset, config_text(t->config, "db_name"));
}

/* Whether an ALTER TABLE takes or renames a column or the table. */
static bool alter_drops(struct words *w)
{
	static const char *const harmless[] = { "INDEX",      "KEY",   "PRIMARY", "FOREIGN",
						"CONSTRAINT", "CHECK", "DEFAULT", "PARTITION" };

	while (words_next(w)) {
		bool drops = words_is(w, "DROP") || words_is(w, "RENAME");

		for (size_t i = 0; drops && i < ARRAY_SIZE(harmless); i++)
			drops = !words_skip(w, harmless[i]);
		if (drops || words_is(w, "CHANGE"))
			return true;
	}
	return false;
}

/* Whether a migration takes what programs of the release before may use, rows too. */
static bool drops_something(const struct script *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct words w = { .at = s->statement[i].sql };

		words_next(&w);
		if ((words_is(&w, "DROP") || words_is(&w, "RENAME")) && words_skip(&w, "TABLE"))
			return true;
		if (words_is(&w, "DELETE"))
			return true;
		if (words_is(&w, "ALTER") && words_skip(&w, "TABLE") && alter_drops(&w))
			return true;
	}
	return false;
}

/* Prints where everything stands; what is not applied is a failure. */
void run_status(struct tool *t, const char *argument UNUSED)
{
	struct script *list = xcalloc(MIGRATIONS_MAX, sizeof(*list)), s;
	int count = read_migrations(t, list);

	for (int i = 0; i < count; i++) {
		struct applied a = applied_migration(t, list[i].number);
		bool same = a.there && !strcmp(a.sha256, list[i].sha256);

		printf("%-40s %s%s\n", list[i].name,
		       !a.there ? "missing" :
		       !same    ? "changed" :
		       a.done   ? "applied" :
				  "half applied",
		       !a.done && drops_something(&list[i]) && !strstr(list[i].name, "-drop-") ?
			       "; stop httpd and the scheduled jobs first" :
			       "");
		t->failures += !same || !a.done;
	}
	for (size_t i = 0; i < REPEATABLE_COUNT; i++) {
		if (!read_script(t, repeatable[i].name, &s))
			continue;
		bool same = file_is_applied(t, s.name, s.sha256);
		printf("%-40s %s\n", s.name, same ? "applied" : "to be applied");
		t->failures += !same;
		script_release(&s);
	}
	release_migrations(list, count);
}

/* Complains about each migration that is not applied. */
static void verify_migrations(struct tool *t, const struct script *list, int count)
{
	check_applied(t, list, count);
	for (int i = 0; i < count; i++) {
		struct applied a = applied_migration(t, list[i].number);

		if (!a.there)
			complain(t, "%s: not applied", list[i].name);
		else if (!a.done)
			complain(t, "%s: half applied", list[i].name);
	}
}

/* One file: applied in this form, and still there on the server. */
static void verify_repeatable(struct tool *t, const struct repeatable *file)
{
	struct script s;

	if (!read_script(t, file->name, &s))
		return;
	if (!file_is_applied(t, s.name, s.sha256)) {
		complain(t, "%s: not applied in this form", s.name);
	} else {
		file->compare(t, &s);
		if (!strcmp(s.name, "grants.sql"))
			verify_grants(t, &s);
	}
	script_release(&s);
}

/* Compares the folder with the server, with a sentence about the outcome. */
void run_verify(struct tool *t, const char *argument UNUSED)
{
	struct script *list = xcalloc(MIGRATIONS_MAX, sizeof(*list));
	int count = read_migrations(t, list);
	const char *name = config_text(t->config, "db_name");

	check_database(t);
	verify_migrations(t, list, count);
	if (!t->failures)
		compare_tables(t, list, count);
	for (size_t i = 0; i < REPEATABLE_COUNT; i++)
		verify_repeatable(t, &repeatable[i]);
	release_migrations(list, count);
	if (t->failures)
		printf("%s: %d differences; yuanjian-migrate up mends what is missing\n", name,
		       t->failures);
	else
		printf("%s is as this release wants it: %d migrations, %zu tables, %zu routines,"
		       " triggers and views, %zu rights of %d accounts\n",
		       name, count, t->seen.tables, t->seen.objects, t->seen.rights, ACCOUNT_COUNT);
}
