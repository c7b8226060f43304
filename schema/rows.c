/* rows.c: the commands of yuanjian-migrate that bring rows and passwords. */
#include "migrate.h"

#include <errno.h>

#include "base/alloc.h"

/* Passwords cannot be bound in ALTER USER, so only plain characters may stand
 * in them. */
static bool is_plain(const char *password)
{
	static const char plain[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ+/=_.-";

	return *password && !password[strspn(password, plain)];
}

/* Sets one password; whether it was done. */
static bool set_password(struct tool *t, const struct account *a)
{
	char *key = xprintf("db_password_%s", a->name);
	const char *password = config_text(t->config, key);
	struct buffer sql = BUFFER_INIT, why = BUFFER_INIT;
	bool ok = is_plain(password);

	buffer_printf(&sql, "ALTER USER %s IDENTIFIED BY '%s' ACCOUNT UNLOCK", a->quoted, password);
	if (!ok)
		complain(t, "%s: missing, or not made of letters, digits and +/=_.-", key);
	else if (!(ok = !db_try(t->db, buffer_text(&sql), &why)))
		complain(t, "%s: %s", a->user, buffer_text(&why));
	buffer_wipe(&sql);
	buffer_release(&why);
	free(key);
	return ok;
}

void run_accounts(struct tool *t, const char *argument UNUSED)
{
	struct buffer done = BUFFER_INIT;

	for (size_t i = 0; i < ACCOUNT_COUNT; i++)
		if (set_password(t, &t->account[i]))
			buffer_printf(&done, "%s%s", done.len ? ", " : "", t->account[i].user);
	if (done.len)
		printf("%s may log in with the passwords of the secrets file\n",
		       buffer_text(&done));
	buffer_release(&done);
}

/* Loads a file of rows in one transaction; written so that it can be loaded
 * again. */
void run_load(struct tool *t, const char *path)
{
	struct script s;
	unsigned code;
	bool ok = true;

	if (!script_read(path, t->mark, &s)) {
		complain(t, "%s: %s", path, strerror(errno));
		return;
	}
	db_exec(t->db, "START TRANSACTION", DB_NO_ARGS);
	for (size_t i = 0; ok && i < s.count; i++)
		ok = run_statement(t, &s, i, &code);
	db_exec(t->db, ok ? "COMMIT" : "ROLLBACK", DB_NO_ARGS);
	script_release(&s);
}

struct region_file {
	struct tool *tool;
	const char *path;
	struct buffer text;
	char sha256[2 * SHA256_SIZE + 1];
	int count;
};

static bool load_region(struct db *db, char *line)
{
	char *column[5];

	for (size_t i = 0; i < ARRAY_SIZE(column); i++)
		if (!(column[i] = strsep(&line, "\t")))
			return false;
	if (line || strlen(column[0]) != 6)
		return false;
	db_exec(db,
		"INSERT INTO region (code, parent, name, level, leaf, valid)"
		" VALUES (?, ?, ?, ?, ?, TRUE)"
		" ON DUPLICATE KEY UPDATE parent = VALUES(parent), name = VALUES(name),"
		" level = VALUES(level), leaf = VALUES(leaf), valid = TRUE",
		DB_ARGS(db_text(column[0]), db_text(column[1]), db_text(column[2]),
			db_int(strtol(column[3], NULL, 10)), db_int(strtol(column[4], NULL, 10))));
	return true;
}

/* Regions that are in the table only stay, as those of old applications, but
 * can no longer be chosen. */
static bool load_regions(struct db *db, void *context)
{
	struct region_file *f = context;
	char *copy = xmemdup0(f->text.data, f->text.len), *rest = copy, *line;
	bool ok = true;

	f->count = 0;
	db_exec(db, "UPDATE region SET valid = FALSE", DB_NO_ARGS);
	for (int n = 1; ok && (line = strsep(&rest, "\n")); n++) {
		if (!*line || *line == '#')
			continue;
		ok = load_region(db, line);
		if (ok)
			f->count++;
		else
			complain(f->tool, "%s:%d: not code, parent, name, level, leaf", f->path, n);
	}
	if (ok)
		note_file(f->tool, "regions", f->sha256);
	free(copy);
	return ok;
}

void run_regions(struct tool *t, const char *path)
{
	struct region_file f = { t, path, BUFFER_INIT, "", 0 };
	uint8_t hash[SHA256_SIZE];

	if (!file_read(path, &f.text) || !f.text.len) {
		complain(t, "%s: %s", path, f.text.len ? strerror(errno) : "nothing in it");
		return;
	}
	digest_sha256(f.text.data, f.text.len, hash);
	hex_encode(hash, sizeof(hash), f.sha256);
	if (!file_is_applied(t, "regions", f.sha256) &&
	    db_transaction(t->db, load_regions, &f) == DB_DONE)
		printf("%d regions loaded\n", f.count);
	buffer_release(&f.text);
}
