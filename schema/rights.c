/* rights.c: reads GRANT statements into single rights. */
#include "rights.h"

#include <ctype.h>

#include "base/alloc.h"

static void add_right(struct rights *r, const char *verb, const char *column, size_t statement)
{
	r->right = xrealloc(r->right, (r->count + 1) * sizeof(*r->right));
	r->right[r->count++] = (struct right){ .verb = xstrdup(verb),
					       .column = xstrdup(column),
					       .statement = statement };
}

/* A verb of one word or more, in capitals, or a role's name as it is; ends before
 * "(", ",", "@", ON or TO. */
static void take_verb(struct words *w, char *verb, size_t size)
{
	size_t len = 0;

	do {
		if (len && len + 1 < size)
			verb[len++] = ' ';
		for (const char *c = w->word; *c && len + 1 < size; c++)
			verb[len++] = w->quoted ? *c : (char)toupper((unsigned char)*c);
	} while (words_next(w) && !words_is(w, "(") && !words_is(w, ",") && !words_is(w, "@") &&
		 !words_is(w, "ON") && !words_is(w, "TO"));
	verb[len] = '\0';
}

/* From "(" to behind ")": a right for each column. */
static bool take_columns(struct rights *r, struct words *w, const char *verb, size_t statement)
{
	do {
		if (!words_next(w) || !*w->word)
			return false;
		add_right(r, verb, w->word, statement);
		if (!words_next(w))
			return false;
	} while (words_is(w, ","));
	return words_is(w, ")") && words_next(w);
}

/* "SELECT, UPDATE (a, b)" up to ON; up to TO, the names are those of roles. */
static bool take_verbs(struct rights *r, struct words *w, size_t statement)
{
	char verb[WORD_SIZE];

	do {
		if (!words_next(w))
			return false;
		take_verb(w, verb, sizeof(verb));
		if (!words_is(w, "("))
			add_right(r, verb, "", statement);
		else if (!take_columns(r, w, verb, statement))
			return false;
		/* A role has a host in MySQL. */
		while (words_is(w, "@") && words_next(w) && words_next(w))
			;
	} while (words_is(w, ","));
	return words_is(w, "ON") || words_is(w, "TO");
}

struct place {
	char kind[WORD_SIZE], schema[WORD_SIZE], object[WORD_SIZE];
};

/* Steps over a kind of object, unless it is an object of that name. */
static bool skip_kind(struct words *w, const char *kind)
{
	struct words ahead = *w;

	if (!words_skip(&ahead, kind) || words_skip(&ahead, "TO") || words_skip(&ahead, "."))
		return false;
	return words_skip(w, kind);
}

/* Behind ON: [kind] [schema .] object. */
static bool take_place(struct words *w, struct place *p)
{
	static const char *const kinds[] = { "TABLE", "PROCEDURE", "FUNCTION", "PACKAGE" };

	snprintf(p->kind, sizeof(p->kind), "TABLE");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (skip_kind(w, kinds[i]))
			snprintf(p->kind, sizeof(p->kind), "%s", kinds[i]);
	if (skip_kind(w, "BODY"))
		snprintf(p->kind, sizeof(p->kind), "PACKAGE BODY");
	if (!words_next(w))
		return false;
	p->schema[0] = '\0';
	memcpy(p->object, w->word, sizeof(p->object));
	if (!words_skip(w, "."))
		return true;
	memcpy(p->schema, p->object, sizeof(p->schema));
	if (!words_next(w))
		return false;
	memcpy(p->object, w->word, sizeof(p->object));
	return true;
}

static void put_place(struct right *r, const struct place *p, const char *user)
{
	r->kind = xstrdup(p->kind);
	r->schema = xstrdup(p->schema);
	r->object = xstrdup(p->object);
	r->user = xstrdup(user);
}

/* "TO r" without ON makes members: what was taken for a verb is a role's name. */
static void make_roles(struct rights *r, size_t from)
{
	for (size_t i = from; i < r->count; i++) {
		r->right[i].kind = xstrdup("ROLE");
		r->right[i].schema = xstrdup("");
		r->right[i].object = r->right[i].verb;
		r->right[i].verb = xstrdup("ROLE");
	}
}

static bool gives_on(const struct words *behind)
{
	struct words w = *behind;

	while (words_next(&w))
		if (words_is(&w, "GRANT"))
			return words_skip(&w, "OPTION");
	return false;
}

/* Drops a USAGE, which is no right. */
static void drop_usage(struct rights *r, size_t from)
{
	size_t kept = from;

	for (size_t i = from; i < r->count; i++) {
		if (strcmp(r->right[i].verb, "USAGE") != 0) {
			r->right[kept++] = r->right[i];
			continue;
		}
		free(r->right[i].verb);
		free(r->right[i].column);
	}
	r->count = kept;
}

/* Behind ON: the account, and whether it has the grant option. */
static bool finish_on(struct rights *r, struct words *w, size_t from, size_t statement)
{
	struct place p = { 0 };
	bool ok;

	if (r->count > from && !strcmp(r->right[from].verb, "PROXY")) {
		p = (struct place){ "PROXY", "*", "*" };
		while ((ok = words_next(w)) && !words_is(w, "TO"))
			;
	} else {
		ok = take_place(w, &p) && words_next(w) && words_is(w, "TO");
	}
	ok = ok && words_next(w);
	drop_usage(r, from);
	if (ok && gives_on(w))
		add_right(r, "GRANT OPTION", "", statement);
	for (size_t i = from; ok && i < r->count; i++)
		put_place(&r->right[i], &p, w->word);
	return ok;
}

static void right_release(struct right *r)
{
	free(r->verb);
	free(r->column);
	free(r->kind);
	free(r->schema);
	free(r->object);
	free(r->user);
}

bool rights_parse(struct rights *r, const char *sql, size_t statement)
{
	struct words w = { .at = sql };
	size_t from = r->count;
	bool ok = words_next(&w) && words_is(&w, "GRANT") && take_verbs(r, &w, statement);

	if (ok && words_is(&w, "ON")) {
		ok = finish_on(r, &w, from, statement);
	} else if (ok && words_next(&w)) {
		make_roles(r, from);
		for (size_t i = from; i < r->count; i++)
			r->right[i].user = xstrdup(w.word);
	}
	while (!ok && r->count > from)
		right_release(&r->right[--r->count]);
	return ok;
}

void rights_release(struct rights *r)
{
	for (size_t i = 0; i < r->count; i++)
		right_release(&r->right[i]);
	free(r->right);
	*r = (struct rights){ 0 };
}

bool rights_have(const struct rights *r, const struct right *wanted)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct right *one = &r->right[i];

		if (!strcmp(one->user, wanted->user) && !strcmp(one->verb, wanted->verb) &&
		    !strcmp(one->column, wanted->column) && !strcmp(one->kind, wanted->kind) &&
		    !strcmp(one->schema, wanted->schema) && !strcmp(one->object, wanted->object))
			return true;
	}
	return false;
}

/* A pattern of % and _, where a backslash makes the next one plain. */
static bool matches(const char *pattern, const char *name)
{
	for (; *pattern; pattern++, name++) {
		if (*pattern == '%')
			return matches(pattern + 1, name) || (*name && matches(pattern, name + 1));
		if (!*name)
			return false;
		if (*pattern == '\\' && pattern[1])
			pattern++;
		else if (*pattern == '_')
			continue;
		if (*pattern != *name)
			return false;
	}
	return !*name;
}

static bool is_role_or_proxy(const struct right *r)
{
	return !strcmp(r->kind, "ROLE") || !strcmp(r->kind, "PROXY");
}

bool right_concerns(const struct right *r, const char *schema)
{
	if (is_role_or_proxy(r) || !strcmp(r->schema, "*"))
		return true;
	return strcmp(r->object, "*") != 0 ? !strcmp(r->schema, schema) :
					     matches(r->schema, schema);
}

/* The pattern that means this schema alone, if it is one. */
static bool is_own(const struct right *r, const char *schema)
{
	const char *at = r->schema;

	if (is_role_or_proxy(r))
		return false;
	if (strcmp(r->object, "*") != 0)
		return !strcmp(at, schema);
	for (; *at && *schema; at++, schema++) {
		if (*at == '\\')
			at++;
		if (*at != *schema)
			return false;
	}
	return !*at && !*schema;
}

void right_describe(const struct right *r, struct buffer *out)
{
	if (!strcmp(r->kind, "ROLE")) {
		buffer_printf(out, "the role %s", r->object);
		return;
	}
	buffer_puts(out, r->verb);
	if (*r->column)
		buffer_printf(out, " (%s)", r->column);
	if (!strcmp(r->kind, "PROXY"))
		buffer_puts(out, " of another account");
	else if (!strcmp(r->schema, "*"))
		buffer_puts(out, " on every database");
	else if (!strcmp(r->object, "*"))
		buffer_printf(out, " on all of %s", r->schema);
	else
		buffer_printf(out, " on %s%s%s", strcmp(r->kind, "TABLE") != 0 ? r->kind : "",
			      strcmp(r->kind, "TABLE") != 0 ? " " : "", r->object);
}

static void put_name(const char *name, struct buffer *out)
{
	buffer_putc(out, '`');
	for (; *name; name++) {
		if (*name == '`')
			buffer_putc(out, '`');
		buffer_putc(out, *name);
	}
	buffer_putc(out, '`');
}

bool right_revoke_sql(const struct right *r, const char *schema, const char *account,
		      struct buffer *sql)
{
	if (!is_own(r, schema))
		return false;
	buffer_printf(sql, "REVOKE %s", r->verb);
	if (*r->column) {
		buffer_puts(sql, " (");
		put_name(r->column, sql);
		buffer_puts(sql, ")");
	}
	buffer_printf(sql, " ON %s ", r->kind);
	put_name(r->schema, sql);
	buffer_putc(sql, '.');
	if (!strcmp(r->object, "*"))
		buffer_putc(sql, '*');
	else
		put_name(r->object, sql);
	buffer_printf(sql, " FROM %s", account);
	return true;
}
