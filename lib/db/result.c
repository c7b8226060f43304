/* result.c: bound statements and their rows. */
#include "db/internal.h"

#include <inttypes.h>
#include <mysqld_error.h>

#include "base/alloc.h"
#include "base/die.h"

#define ARGS_MAX 64
#define TRIES_ALONE 5 /* of a statement outside a transaction that lost a race */

/* What one column is fetched into. */
struct column {
	bool whole_number, is_unsigned;
	int64_t number;
	char *bytes;
	unsigned long len;
	db_bool null;
};

static void bind_args(MYSQL_STMT *stmt, const char *sql, struct db_args args)
{
	static const enum enum_field_types types[] = {
		[DB_ARG_NULL] = MYSQL_TYPE_NULL,
		[DB_ARG_INT] = MYSQL_TYPE_LONGLONG,
		[DB_ARG_BYTES] = MYSQL_TYPE_STRING,
	};
	MYSQL_BIND bind[ARGS_MAX];

	if (args.count > ARGS_MAX)
		die("%zu parameters in \"%.80s\"", args.count, sql);
	memset(bind, 0, args.count * sizeof(bind[0]));
	for (size_t i = 0; i < args.count; i++) {
		const struct db_arg *arg = &args.arg[i];

		bind[i].buffer_type = types[arg->type];
		bind[i].buffer = arg->type == DB_ARG_INT ? (void *)(uintptr_t)&arg->number :
							   (void *)(uintptr_t)arg->bytes;
		bind[i].buffer_length = (unsigned long)arg->len;
	}
	/* The library copies the array, not what it points to. */
	if (args.count && mysql_stmt_bind_param(stmt, bind))
		die("mysql_stmt_bind_param: %u", mysql_stmt_errno(stmt));
}

/* Prepares and executes, in one round trip where the library can. */
static bool execute(MYSQL_STMT *stmt, const char *sql, struct db_args args)
{
#ifdef MARIADB_BASE_VERSION
	unsigned count = (unsigned)args.count;

	mysql_stmt_attr_set(stmt, STMT_ATTR_PREBIND_PARAMS, &count);
	bind_args(stmt, sql, args);
	return !mariadb_stmt_execute_direct(stmt, sql, strlen(sql));
#else
	if (mysql_stmt_prepare(stmt, sql, strlen(sql)))
		return false;
	if (mysql_stmt_param_count(stmt) != args.count)
		die("%lu parameters wanted, %zu given in \"%.80s\"", mysql_stmt_param_count(stmt),
		    args.count, sql);
	bind_args(stmt, sql, args);
	return !mysql_stmt_execute(stmt);
#endif
}

static bool is_whole_number(const MYSQL_FIELD *field)
{
	switch (field->type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
	case MYSQL_TYPE_YEAR:
		return true;
	default:
		return false;
	}
}

static enum db_column_kind kind_of(const MYSQL_FIELD *field)
{
	if (is_whole_number(field))
		return field->flags & UNSIGNED_FLAG ? DB_COLUMN_UNSIGNED : DB_COLUMN_SIGNED;
	return field->type == MYSQL_TYPE_NEWDECIMAL && !field->decimals ? DB_COLUMN_DECIMAL :
									  DB_COLUMN_BYTES;
}

static void reserve_row(struct db_result *r, size_t row)
{
	size_t wanted = (row + 1) * r->columns;

	if (wanted > r->cell_room) {
		r->cell_room = r->cell_room ? 2 * r->cell_room : 4 * r->columns;
		r->cell = xrealloc(r->cell, r->cell_room * sizeof(*r->cell));
	}
}

static void keep_names(struct db_result *r, const MYSQL_FIELD *field)
{
	reserve_row(r, 0);
	for (unsigned i = 0; i < r->columns; i++) {
		r->cell[i] = (struct cell){ .number = kind_of(&field[i]),
					    .at = r->text.len,
					    .len = field[i].name_length };
		buffer_add(&r->text, field[i].name, field[i].name_length + 1);
	}
}

static void bind_columns(MYSQL_STMT *stmt, struct db_result *r, struct column *column)
{
	MYSQL_RES *meta = mysql_stmt_result_metadata(stmt);
	MYSQL_BIND bind[DB_COLUMNS_MAX];

	if (!meta)
		die("mysql_stmt_result_metadata: %u", mysql_stmt_errno(stmt));
	keep_names(r, mysql_fetch_fields(meta));
	memset(bind, 0, r->columns * sizeof(bind[0]));
	for (unsigned i = 0; i < r->columns; i++) {
		const MYSQL_FIELD *field = mysql_fetch_field_direct(meta, i);
		struct column *c = &column[i];

		c->whole_number = is_whole_number(field);
		c->is_unsigned = field->flags & UNSIGNED_FLAG;
		bind[i].is_null = &c->null;
		bind[i].length = &c->len;
		bind[i].is_unsigned = c->is_unsigned;
		if (c->whole_number) {
			bind[i].buffer_type = MYSQL_TYPE_LONGLONG;
			bind[i].buffer = &c->number;
		} else {
			bind[i].buffer_type = MYSQL_TYPE_STRING;
			bind[i].buffer_length = field->max_length + 1;
			bind[i].buffer = c->bytes = xmalloc(field->max_length + 1);
		}
	}
	mysql_free_result(meta);
	if (mysql_stmt_bind_result(stmt, bind))
		die("mysql_stmt_bind_result: %u", mysql_stmt_errno(stmt));
}

static void keep_cell(struct db_result *r, const struct column *c, struct cell *cell)
{
	cell->null = c->null;
	cell->number = 0;
	cell->at = r->text.len;
	if (c->null)
		;
	else if (!c->whole_number)
		buffer_add(&r->text, c->bytes, c->len);
	else if (c->is_unsigned)
		buffer_printf(&r->text, "%" PRIu64, (uint64_t)c->number);
	else
		buffer_printf(&r->text, "%" PRId64, c->number);
	cell->len = r->text.len - cell->at;
	if (!c->null)
		cell->number = c->whole_number ? c->number :
						 strtoll(r->text.data + cell->at, NULL, 10);
	buffer_putc(&r->text, '\0');
}

static void keep_row(struct db_result *r, const struct column *column)
{
	r->rows++;
	reserve_row(r, r->rows);
	for (unsigned i = 0; i < r->columns; i++)
		keep_cell(r, &column[i], &r->cell[r->rows * r->columns + i]);
}

/* Reads the rows of the present result set; false on an error. */
static bool read_rows(MYSQL_STMT *stmt, struct db_result *r)
{
	struct column column[DB_COLUMNS_MAX] = { 0 };
	int got;

	r->columns = mysql_stmt_field_count(stmt);
	if (r->columns > DB_COLUMNS_MAX)
		die("%u columns", r->columns);
	if (mysql_stmt_store_result(stmt))
		return false;
	bind_columns(stmt, r, column);
	while (!(got = mysql_stmt_fetch(stmt)))
		keep_row(r, column);
	for (unsigned i = 0; i < r->columns; i++)
		free(column[i].bytes);
	if (got == MYSQL_DATA_TRUNCATED)
		die("a value was cut off");
	return got == MYSQL_NO_DATA;
}

/* Everything a statement sends after its execution; false on an error. */
static bool read_all(MYSQL_STMT *stmt, struct db_result *r)
{
	bool kept = !r;

	for (;;) {
		if (mysql_stmt_field_count(stmt) && !kept) {
			kept = true;
			if (!read_rows(stmt, r))
				return false;
		}
		mysql_stmt_free_result(stmt);
		int more = mysql_stmt_next_result(stmt);
		if (more)
			return more < 0;
	}
}

static void forget_rows(struct db_result *r)
{
	r->rows = 0;
	r->columns = 0;
	buffer_reset(&r->text);
}

/* One try: 0 or the error code. */
static unsigned try_statement(struct db *db, MYSQL_STMT *stmt, const char *sql, struct db_args args,
			      struct db_result *result, long *changed)
{
	db_bool on = 1;

	mysql_stmt_attr_set(stmt, STMT_ATTR_UPDATE_MAX_LENGTH, &on);
	if (!execute(stmt, sql, args))
		return mysql_stmt_errno(stmt);
	*changed = (long)mysql_stmt_affected_rows(stmt);
	db->inserted_id = (int64_t)mysql_stmt_insert_id(stmt);
	return read_all(stmt, result) ? 0 : mysql_stmt_errno(stmt);
}

long db_statement(struct db *db, const char *sql, struct db_args args, struct db_result *result)
{
	for (int try = 1;; try++) {
		MYSQL_STMT *stmt = mysql_stmt_init(db->mysql);
		long changed = 0;

		if (!stmt)
			die("mysql_stmt_init failed");
		unsigned code = try_statement(db, stmt, sql, args, result, &changed);
		bool again = code == ER_LOCK_DEADLOCK && !db->in_transaction && try < TRIES_ALONE;

		if (code)
			changed = code == ER_DUP_ENTRY ? DB_DUPLICATE : 0;
		if (code && result)
			forget_rows(result);
		if (code && code != ER_DUP_ENTRY && !again)
			db_fail(db, sql, code, mysql_stmt_sqlstate(stmt), mysql_stmt_error(stmt));
		mysql_stmt_close(stmt);
		if (!again)
			return changed;
	}
}

struct db_result *db_select(struct db *db, const char *sql, struct db_args args)
{
	struct db_result *r = xcalloc(1, sizeof(*r));

	memccpy(r->sql, sql, '\0', DB_SQL_KEPT);
	if (!db->trouble)
		db_statement(db, sql, args, r);
	return r;
}

bool db_next(struct db_result *r)
{
	if (r->row > r->rows)
		return false;
	return ++r->row <= r->rows;
}

static const struct cell *cell_at(const struct db_result *r, unsigned column)
{
	if (!r->row || r->row > r->rows || column >= r->columns)
		die("no row %zu or no column %u in a result of %zu rows and %u columns", r->row,
		    column, r->rows, r->columns);
	return &r->cell[r->row * r->columns + column];
}

bool db_is_null(const struct db_result *r, unsigned column)
{
	return cell_at(r, column)->null;
}

int64_t db_int_at(const struct db_result *r, unsigned column)
{
	return cell_at(r, column)->number;
}

const char *db_text_at(const struct db_result *r, unsigned column)
{
	return r->text.data + cell_at(r, column)->at;
}

const void *db_bytes_at(const struct db_result *r, unsigned column, size_t *len)
{
	const struct cell *cell = cell_at(r, column);

	*len = cell->len;
	return r->text.data + cell->at;
}

void db_result_free(struct db_result *r)
{
	if (!r)
		return;
	free(r->cell);
	buffer_release(&r->text);
	free(r);
}
