/* compare.c: tables, routines, triggers, views, events and fixed rows, as the files
 * say and as the server has them. A view's text is not compared, since the server
 * keeps its own words for it. */
#include "migrate.h"

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"

struct item {
	char *kind, *name;
	const struct statement *made_by; /* NULL for a table */
};

struct items {
	struct item *item;
	size_t count;
};

static void add_item(struct items *list, const char *kind, const char *name,
		     const struct statement *made_by)
{
	list->item = xrealloc(list->item, (list->count + 1) * sizeof(*list->item));
	list->item[list->count++] = (struct item){ xstrdup(kind), xstrdup(name), made_by };
}

static struct item *find_item(const struct items *list, const char *kind, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->item[i].kind, kind) && !strcmp(list->item[i].name, name))
			return &list->item[i];
	return NULL;
}

static void remove_item(struct items *list, struct item *gone)
{
	if (!gone || !list->item)
		return;
	free(gone->kind);
	free(gone->name);
	*gone = list->item[--list->count];
}

static void items_release(struct items *list)
{
	while (list->count)
		remove_item(list, &list->item[list->count - 1]);
	free(list->item);
}

/* CREATE … PROCEDURE name: what a statement of routines/ makes. */
static void note_object(struct items *list, const struct statement *s)
{
	static const char *const kinds[] = { "PROCEDURE", "FUNCTION", "TRIGGER", "VIEW", "EVENT" };
	struct words w = { .at = s->sql };

	if (!words_next(&w) || !words_is(&w, "CREATE"))
		return;
	while (words_next(&w))
		for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
			if (words_is(&w, kinds[i]) && words_next(&w)) {
				add_item(list, kinds[i], w.word, s);
				return;
			}
}

/* The words of a text, a line each: a client that restores a backup leaves out the
 * comments. */
static void put_words(const char *text, struct buffer *out)
{
	struct words w = { .at = text };

	while (words_next(&w)) {
		buffer_add(out, w.begin, (size_t)(w.at - w.begin));
		buffer_putc(out, '\n');
	}
}

/* Whether `text` ends with what the server keeps of it. */
static bool ends_with(const char *text, const char *kept)
{
	struct buffer whole = BUFFER_INIT, end = BUFFER_INIT;

	put_words(text, &whole);
	put_words(kept, &end);
	bool ok = end.len && end.len <= whole.len &&
		  !memcmp(whole.data + whole.len - end.len, end.data, end.len);
	buffer_release(&whole);
	buffer_release(&end);
	return ok;
}

/* The objects of the server, as struct object below. */
static struct db_result *select_objects(struct db *db)
{
	return db_select(
		db,
		"SELECT routine_type AS kind, routine_name AS name, routine_definition AS body,"
		" definer AS definer, definer = CURRENT_USER() AS is_ours"
		" FROM information_schema.routines WHERE routine_schema = DATABASE()"
		" UNION ALL SELECT 'TRIGGER', trigger_name, action_statement, definer,"
		" definer = CURRENT_USER() FROM information_schema.triggers"
		" WHERE trigger_schema = DATABASE()"
		" UNION ALL SELECT 'VIEW', table_name, NULL, definer, definer = CURRENT_USER()"
		" FROM information_schema.views WHERE table_schema = DATABASE()"
		" UNION ALL SELECT 'EVENT', event_name, event_definition, definer,"
		" definer = CURRENT_USER() FROM information_schema.events"
		" WHERE event_schema = DATABASE()",
		DB_NO_ARGS);
}

static void differ(struct tool *t, enum reach reach, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* A difference: `up` mends one of its own and only counts it. */
static void differ(struct tool *t, enum reach reach, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct buffer words = BUFFER_INIT;
	buffer_vprintf(&words, fmt, ap);
	va_end(ap);
	if (t->mending && reach == OURS_TO_MEND) {
		printf("%s\n", buffer_text(&words));
		t->seen.differences++;
	} else if (!t->mending) {
		complain(t, "%s", buffer_text(&words));
	}
	buffer_release(&words);
}

/* An object of the server: kind, name, text, and the account it runs with. */
struct object {
	const char *kind, *name, *body, *definer;
	bool is_ours; /* that account is the owner */
};

static void compare_object(struct tool *t, struct items *wanted, const struct object *o)
{
	struct item *found = find_item(wanted, o->kind, o->name);

	if (!found) {
		differ(t, OTHERS_TO_MEND, "%s %s is not of this release: DROP %s %s", o->kind,
		       o->name, o->kind, o->name);
		return;
	}
	if (!o->is_ours)
		differ(t, OURS_TO_MEND, "%s %s runs with the rights of %s, not of %s", o->kind,
		       o->name, o->definer, db_user(t->config, DB_OWNER));
	else if (strcmp(o->kind, "VIEW") != 0 && !ends_with(found->made_by->sql, o->body))
		differ(t, OURS_TO_MEND, "%s %s is another than in routines%s", o->kind, o->name,
		       strrchr(found->made_by->path, '/'));
	remove_item(wanted, found);
	t->seen.objects++;
}

void compare_objects(struct tool *t, const struct script *s)
{
	struct items wanted = { 0 };

	for (size_t i = 0; i < s->count; i++)
		note_object(&wanted, &s->statement[i]);
	struct db_result *r = select_objects(t->db);
	struct object o;
	while (db_next_row(r,
			   DB_OUT(DB_VIEW("kind", &o.kind), DB_VIEW("name", &o.name),
				  DB_OR_NULL(DB_VIEW("body", &o.body)),
				  DB_VIEW("definer", &o.definer), DB_FLAG("is_ours", &o.is_ours))))
		compare_object(t, &wanted, &o);
	db_result_free(r);
	for (size_t i = 0; i < wanted.count; i++)
		differ(t, OURS_TO_MEND, "%s %s is missing", wanted.item[i].kind,
		       wanted.item[i].name);
	items_release(&wanted);
}

/* Behind CREATE, DROP or RENAME TABLE. */
static void follow_table(struct items *list, struct words *w, const char *verb)
{
	words_skip(w, "IF");
	words_skip(w, "NOT");
	words_skip(w, "EXISTS");
	do {
		words_next(w);
		if (strcasecmp(verb, "CREATE") != 0)
			remove_item(list, find_item(list, "TABLE", w->word));
		if (!strcasecmp(verb, "RENAME") && words_skip(w, "TO"))
			words_next(w);
		if (strcasecmp(verb, "DROP") != 0)
			add_item(list, "TABLE", w->word, NULL);
	} while (words_skip(w, ","));
}

/* Behind ALTER TABLE: only a new name matters. */
static void follow_alter(struct items *list, struct words *w)
{
	char name[WORD_SIZE];

	words_next(w);
	memcpy(name, w->word, sizeof(name));
	while (words_next(w)) {
		if (!words_is(w, "RENAME") || words_skip(w, "COLUMN") || words_skip(w, "INDEX") ||
		    words_skip(w, "KEY"))
			continue;
		words_skip(w, "TO");
		words_skip(w, "AS");
		words_next(w);
		remove_item(list, find_item(list, "TABLE", name));
		add_item(list, "TABLE", w->word, NULL);
	}
}

static void follow_migration(struct items *list, const char *sql)
{
	static const char *const verbs[] = { "CREATE", "DROP", "RENAME" };
	struct words w = { .at = sql };

	words_next(&w);
	if (words_is(&w, "ALTER") && words_skip(&w, "TABLE"))
		follow_alter(list, &w);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (words_is(&w, verbs[i]) && words_skip(&w, "TABLE")) {
			follow_table(list, &w, verbs[i]);
			return;
		}
}

void compare_tables(struct tool *t, const struct script *migration, int count)
{
	struct items wanted = { 0 };

	for (int i = 0; i < count; i++)
		for (size_t j = 0; j < migration[i].count; j++)
			follow_migration(&wanted, migration[i].statement[j].sql);
	for (size_t i = 0; i < wanted.count; i++)
		if (!has_table(t, wanted.item[i].name))
			differ(t, OTHERS_TO_MEND, "table %s is missing: restore it from a backup",
			       wanted.item[i].name);
	t->seen.tables += wanted.count;
	items_release(&wanted);
}

/* ---- rows that a file writes */

/* The table that a statement changes, and where its name stands; false for
 * statements that change no rows. */
static bool changes_rows(const char *sql, struct words *w)
{
	*w = (struct words){ .at = sql };
	words_next(w);
	if (words_is(w, "DELETE"))
		return words_skip(w, "FROM") && words_next(w);
	if (words_is(w, "INSERT") || words_is(w, "REPLACE")) {
		words_skip(w, "IGNORE");
		return words_skip(w, "INTO") && words_next(w);
	}
	return words_is(w, "UPDATE") && words_next(w);
}

#define WANTED "wanted_"

static void run_or_complain(struct tool *t, struct buffer *sql)
{
	struct buffer why = BUFFER_INIT;

	if (db_try(t->db, buffer_text(sql), &why))
		complain(t, "%.80s: %s", buffer_text(sql), buffer_text(&why));
	buffer_release(&why);
	buffer_release(sql);
	*sql = (struct buffer)BUFFER_INIT;
}

/* The rest of a statement, in which a SELECT reads the temporary tables too. */
static void put_rest(const struct items *tables, struct words w, struct buffer *sql)
{
	const char *at = w.at;
	bool of_table = false;

	while (words_next(&w)) {
		const char *wanted = of_table && find_item(tables, "TABLE", w.word) ? w.word : NULL;

		buffer_add(sql, at, (size_t)((wanted ? w.begin : w.at) - at));
		if (wanted)
			buffer_printf(sql, "`" WANTED "%s`", wanted);
		at = w.at;
		of_table = words_is(&w, "FROM") || words_is(&w, "JOIN");
	}
}

/* Writes a file's rows into temporary tables beside the real ones, each named
 * wanted_TABLE; the list of the real ones. */
static void write_wanted(struct tool *t, const struct script *s, struct items *tables)
{
	struct buffer sql = BUFFER_INIT;
	struct words w;

	for (size_t i = 0; i < s->count; i++) {
		const char *text = s->statement[i].sql;

		if (!changes_rows(text, &w) || !has_table(t, w.word))
			continue;
		if (!find_item(tables, "TABLE", w.word)) {
			add_item(tables, "TABLE", w.word, NULL);
			buffer_printf(&sql, "CREATE TEMPORARY TABLE `" WANTED "%s` LIKE `%s`",
				      w.word, w.word);
			run_or_complain(t, &sql);
		}
		buffer_add(&sql, text, (size_t)(w.begin - text));
		buffer_printf(&sql, "`" WANTED "%s`", w.word);
		put_rest(tables, w, &sql);
		run_or_complain(t, &sql);
	}
}

/* The columns of a table as one text: QUOTE(`a`), QUOTE(`b`) … */
static char *columns_text(struct tool *t, const char *table)
{
	char *text;

	if (!db_one(t->db,
		    "SELECT COALESCE(GROUP_CONCAT('QUOTE(`', column_name, '`)'"
		    " ORDER BY ordinal_position), '') AS quoted FROM information_schema.columns"
		    " WHERE table_schema = DATABASE() AND table_name = ?",
		    DB_ARGS(db_text(table)), DB_OUT(DB_STRING("quoted", &text))))
		die("no columns of %s", table);
	return text;
}

/* Rows of the first table that the second has not. */
static void tell_rows(struct tool *t, const char *columns, const char *in, const char *not_in,
		      const char *table, const char *what)
{
	char *sql = xprintf("SELECT CONCAT_WS(', ', %s) AS line FROM `%s` WHERE"
			    " CAST(CONCAT_WS(', ', %s) AS BINARY) NOT IN"
			    " (SELECT CAST(CONCAT_WS(', ', %s) AS BINARY) FROM `%s`) ORDER BY line",
			    columns, in, columns, columns, not_in);
	struct db_result *r = db_select(t->db, sql, DB_NO_ARGS);
	const char *line;

	while (db_next_row(r, DB_OUT(DB_VIEW("line", &line))))
		differ(t, OURS_TO_MEND, "%s: the row (%s) %s", table, line, what);
	db_result_free(r);
	free(sql);
}

void compare_rows(struct tool *t, const struct script *s)
{
	struct items tables = { 0 };
	struct buffer sql = BUFFER_INIT;

	write_wanted(t, s, &tables);
	for (size_t i = 0; i < tables.count; i++) {
		const char *name = tables.item[i].name;
		char *columns = columns_text(t, name), *wanted = xprintf(WANTED "%s", name);

		tell_rows(t, columns, wanted, name, name, "is missing");
		tell_rows(t, columns, name, wanted, name, "is not of this release");
		buffer_printf(&sql, "DROP TEMPORARY TABLE `%s`", wanted);
		run_or_complain(t, &sql);
		free(columns);
		free(wanted);
	}
	items_release(&tables);
}
