/* schema.c: the tables of an application as the database describes them, and times. */
#include "bulk.h"

#include <inttypes.h>
#include <time.h>

#include "base/alloc.h"
#include "base/die.h"

/* -- the database's own description -- */

MYSQL_RES *bulk_query(MYSQL *mysql, const char *sql)
{
	MYSQL_RES *r;

	if (mysql_query(mysql, sql))
		die("database: %u %s in \"%.200s\"", mysql_errno(mysql), mysql_error(mysql), sql);
	r = mysql_store_result(mysql);
	if (!r && mysql_field_count(mysql))
		die("database: %s", mysql_error(mysql));
	return r;
}

/* Sealed, random, unique or pointing to another row: not to be copied unseen. */
static bool needs_rule(MYSQL_ROW row)
{
	return !strncmp(row[3], "sealed", 6) || !strcmp(row[1], "binary") ||
	       (!strcmp(row[4], "UNI") || (!strcmp(row[4], "PRI") && !strcmp(row[1], "bigint"))) ||
	       atoll(row[5]) > 0;
}

static void add_column(const char *table, struct bulk_table *t, MYSQL_ROW row)
{
	struct bulk_column *c = &t->column[t->columns++];

	if (t->columns == BULK_COLUMNS_MAX)
		die("table %s has more than %d columns", table, BULK_COLUMNS_MAX - 1);
	snprintf(c->name, sizeof(c->name), "%s", row[0]);
	c->rule = bulk_rule_of(table, c->name);
	if (!c->rule && needs_rule(row))
		die("%s.%s is copied by no rule: add its row to bulk_rules[]", table, c->name);
	c->time_digits = strcmp(row[1], "datetime") ? -1 : (int)strtol(row[2], NULL, 10);
	t->numbered |= !strcmp(c->name, "id");
}

static void resolve_after(const char *name, struct bulk_table *t)
{
	for (int i = 0; i < t->columns; i++) {
		struct bulk_column *c = &t->column[i];

		c->after = -1;
		if (!c->rule || c->rule->rule != BULK_AFTER)
			continue;
		for (int j = 0; j < t->columns; j++)
			if (!strcmp(t->column[j].name, c->rule->text))
				c->after = j;
		if (c->after < 0)
			die("%s has no column %s", name, c->rule->text);
	}
}

static void load_table(MYSQL *mysql, const char *name, struct bulk_table *t)
{
	char *sql = xprintf(
		"SELECT c.column_name, c.data_type, COALESCE(c.datetime_precision, 0),"
		" c.column_comment, c.column_key, (SELECT COUNT(*) FROM"
		" information_schema.key_column_usage k WHERE k.table_schema = c.table_schema"
		" AND k.table_name = c.table_name AND k.column_name = c.column_name"
		" AND k.referenced_table_name IN ('application', 'applicant', 'address', 'scan',"
		" 'event', 'payment', 'refund', 'invoice', 'identity_attempt'))"
		" FROM information_schema.columns c WHERE c.table_schema = DATABASE()"
		" AND c.table_name = '%s' AND c.extra NOT LIKE '%%GENERATED%%'"
		" ORDER BY c.ordinal_position",
		name);
	MYSQL_RES *r = bulk_query(mysql, sql);
	MYSQL_ROW row;

	while ((row = mysql_fetch_row(r)))
		add_column(name, t, row);
	mysql_free_result(r);
	free(sql);
	if (!t->columns)
		die("there is no table %s", name);
	resolve_after(name, t);
	if (!t->numbered)
		return;
	sql = xprintf("SELECT COALESCE(MAX(id), 0) + 1000 FROM `%s`", name);
	r = bulk_query(mysql, sql);
	row = mysql_fetch_row(r);
	t->next_id = row ? strtoll(row[0], NULL, 10) : 1;
	mysql_free_result(r);
	free(sql);
}

void bulk_schema_load(MYSQL *mysql, struct bulk_schema *schema)
{
	memset(schema, 0, sizeof(*schema));
	for (size_t i = 0; i < bulk_table_count; i++)
		load_table(mysql, bulk_tables[i].name, &schema->table[i]);
}

/* -- times -- */

static int digits_at(const char *text, size_t at, size_t n)
{
	int value = 0;

	for (size_t i = at; i < at + n; i++) {
		if (text[i] < '0' || text[i] > '9')
			die("not a time: %s", text);
		value = value * 10 + text[i] - '0';
	}
	return value;
}

/* "2026-01-31 12:00:00.123" */
int64_t bulk_time_read(const char *text)
{
	struct tm tm = {
		.tm_year = digits_at(text, 0, 4) - 1900,
		.tm_mon = digits_at(text, 5, 2) - 1,
		.tm_mday = digits_at(text, 8, 2),
		.tm_hour = digits_at(text, 11, 2),
		.tm_min = digits_at(text, 14, 2),
		.tm_sec = digits_at(text, 17, 2),
	};
	int64_t us = 0, unit = SEED_US / 10;

	if (text[19] == '.')
		for (const char *at = text + 20; *at; at++, unit /= 10)
			us += (*at - '0') * unit;
	return (int64_t)timegm(&tm) * SEED_US + us;
}

void bulk_time_text(int64_t us, int digits, char out[32])
{
	time_t t = (time_t)(us / SEED_US);
	struct tm tm;
	size_t n;
	char part[8];

	gmtime_r(&t, &tm);
	n = strftime(out, 32, "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(part, sizeof(part), "%06" PRId64, us % SEED_US);
	if (digits > 0)
		snprintf(out + n, 32 - n, ".%.*s", digits, part);
}
