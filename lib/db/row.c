/* row.c: rows read by column name into typed targets. */
#include "db/row.h"

#include "db/internal.h"

#include <errno.h>
#include <limits.h>

#include "base/alloc.h"
#include "base/die.h"

NORETURN static void fail(const struct db_result *r, const struct db_out *o, const char *why)
{
	die("column \"%s\" %s in \"%s\"", o->column, why, r->sql);
}

/* --- where the columns are --- */

static const char *name_of(const struct db_result *r, unsigned column)
{
	return r->text.data + r->cell[column].at;
}

static unsigned find_column(const struct db_result *r, const struct db_out *o)
{
	unsigned found = r->columns;

	for (unsigned i = 0; i < r->columns; i++) {
		if (strcmp(name_of(r, i), o->column) != 0)
			continue;
		if (found < r->columns)
			fail(r, o, "is there twice");
		found = i;
	}
	if (found == r->columns)
		fail(r, o, "is not there");
	return found;
}

static void fail_untaken(const struct db_result *r, uint64_t taken)
{
	for (unsigned i = 0; i < r->columns; i++)
		if (!(taken & UINT64_C(1) << i))
			die("column \"%s\" has no target in \"%s\"", name_of(r, i), r->sql);
}

/* Finds the place of each target, by name for the first row; afterwards the names
 * are the same pointers. */
static void resolve(struct db_result *r, struct db_outs outs, bool all)
{
	uint64_t taken = 0;

	if (outs.count > DB_COLUMNS_MAX)
		die("%zu targets for \"%s\"", outs.count, r->sql);
	for (size_t i = 0; i < outs.count; i++) {
		if (r->place[i].name != outs.out[i].column) {
			r->place[i].column = find_column(r, &outs.out[i]);
			r->place[i].name = outs.out[i].column;
		}
		taken |= UINT64_C(1) << r->place[i].column;
	}
	if (all && taken != UINT64_MAX >> (DB_COLUMNS_MAX - r->columns))
		fail_untaken(r, taken);
}

/* --- one value --- */

struct value {
	const struct db_result *r;
	const struct db_out *out;
	enum db_column_kind kind;
	const struct cell *cell;
	const char *text;
};

static int64_t whole(const struct value *v)
{
	int64_t n = v->cell->number;
	char *end;

	if (v->kind == DB_COLUMN_DECIMAL) {
		errno = 0;
		n = strtoll(v->text, &end, 10);
		if (errno || *end)
			fail(v->r, v->out, "is out of range");
	} else if (v->kind == DB_COLUMN_BYTES) {
		fail(v->r, v->out, "is no whole number");
	}
	return n;
}

static int64_t within(const struct value *v, int64_t min, int64_t max)
{
	int64_t n = whole(v);

	if (n < min || n > max || (v->kind == DB_COLUMN_UNSIGNED && n < 0))
		fail(v->r, v->out, "is out of range");
	return n;
}

static void take_int(const struct value *v)
{
	*(int *)v->out->to = (int)within(v, INT_MIN, INT_MAX);
}

static void take_uint(const struct value *v)
{
	*(unsigned *)v->out->to = (unsigned)within(v, 0, UINT_MAX);
}

static void take_int64(const struct value *v)
{
	*(int64_t *)v->out->to = within(v, INT64_MIN, INT64_MAX);
}

static void take_uint64(const struct value *v)
{
	int64_t n = v->kind == DB_COLUMN_UNSIGNED ? v->cell->number : within(v, 0, INT64_MAX);

	*(uint64_t *)v->out->to = (uint64_t)n;
}

static void take_flag(const struct value *v)
{
	*(bool *)v->out->to = within(v, 0, 1) != 0;
}

static const char *words(const struct value *v)
{
	if (v->kind != DB_COLUMN_BYTES)
		fail(v->r, v->out, "is a number");
	if (memchr(v->text, '\0', v->cell->len))
		fail(v->r, v->out, "holds a NUL");
	return v->text;
}

static void take_text(const struct value *v)
{
	const char *text = words(v);

	if (v->cell->len >= v->out->size)
		fail(v->r, v->out, "is longer than its target");
	memcpy(v->out->to, text, v->cell->len + 1);
}

static void take_string(const struct value *v)
{
	*(char **)v->out->to = xstrdup(words(v));
}

static void take_view(const struct value *v)
{
	*(const char **)v->out->to = words(v);
}

static void take_bytes(const struct value *v)
{
	if (v->kind != DB_COLUMN_BYTES || v->cell->len != v->out->size)
		fail(v->r, v->out, "has another length than its target");
	memcpy(v->out->to, v->text, v->cell->len);
}

static void take_buffer(const struct value *v)
{
	if (v->kind != DB_COLUMN_BYTES)
		fail(v->r, v->out, "is a number");
	buffer_reset(v->out->to);
	buffer_add(v->out->to, v->text, v->cell->len);
}

static void take_blob(const struct value *v)
{
	if (v->kind != DB_COLUMN_BYTES)
		fail(v->r, v->out, "is a number");
	*(struct db_blob *)v->out->to = (struct db_blob){ v->text, v->cell->len };
}

static void take_is_null(const struct value *v)
{
	*(bool *)v->out->to = false;
}

static void (*const takers[DB_OUT_COUNT])(const struct value *) = {
	[DB_OUT_INT] = take_int,       [DB_OUT_UINT] = take_uint,
	[DB_OUT_INT64] = take_int64,   [DB_OUT_UINT64] = take_uint64,
	[DB_OUT_FLAG] = take_flag,     [DB_OUT_TEXT] = take_text,
	[DB_OUT_STRING] = take_string, [DB_OUT_VIEW] = take_view,
	[DB_OUT_BLOB] = take_blob,     [DB_OUT_BYTES] = take_bytes,
	[DB_OUT_BUFFER] = take_buffer, [DB_OUT_IS_NULL] = take_is_null,
};

/* Of a column that is NULL, and of every column when there is no row. */
static void clear(const struct db_out *o)
{
	static const size_t sizes[DB_OUT_COUNT] = {
		[DB_OUT_INT] = sizeof(int),       [DB_OUT_UINT] = sizeof(unsigned),
		[DB_OUT_INT64] = sizeof(int64_t), [DB_OUT_UINT64] = sizeof(uint64_t),
		[DB_OUT_FLAG] = sizeof(bool),     [DB_OUT_TEXT] = 1,
		[DB_OUT_STRING] = sizeof(char *), [DB_OUT_BLOB] = sizeof(struct db_blob),
	};

	if (o->type == DB_OUT_VIEW)
		*(const char **)o->to = "";
	else if (o->type == DB_OUT_BUFFER)
		buffer_reset(o->to);
	else if (o->type == DB_OUT_IS_NULL)
		*(bool *)o->to = true;
	else
		memset(o->to, 0, o->type == DB_OUT_BYTES ? o->size : sizes[o->type]);
}

static void take_null(const struct db_result *r, const struct db_out *o)
{
	if (!o->or_null && o->type != DB_OUT_IS_NULL)
		fail(r, o, "is NULL");
	clear(o);
	if (o->type == DB_OUT_STRING)
		*(char **)o->to = xstrdup("");
}

/* --- rows --- */

static void take_row(struct db_result *r, struct db_outs outs)
{
	if (!r->row || r->row > r->rows)
		die("no row %zu of %zu in \"%s\"", r->row, r->rows, r->sql);
	for (size_t i = 0; i < outs.count; i++) {
		const unsigned column = r->place[i].column;
		const struct cell *cell = &r->cell[r->row * r->columns + column];
		const struct value v = { .r = r,
					 .out = &outs.out[i],
					 .kind = (enum db_column_kind)r->cell[column].number,
					 .cell = cell,
					 .text = r->text.data + cell->at };

		if (cell->null)
			take_null(r, v.out);
		else
			takers[v.out->type](&v);
	}
}

bool db_next_row(struct db_result *r, struct db_outs outs)
{
	if (r->columns)
		resolve(r, outs, true);
	if (!db_next(r))
		return false;
	take_row(r, outs);
	return true;
}

void db_row(struct db_result *r, struct db_outs outs)
{
	resolve(r, outs, true);
	take_row(r, outs);
}

void db_row_part(struct db_result *r, struct db_outs outs)
{
	resolve(r, outs, false);
	take_row(r, outs);
}

bool db_one(struct db *db, const char *sql, struct db_args args, struct db_outs outs)
{
	struct db_result *r;
	bool found;

	for (size_t i = 0; i < outs.count; i++)
		if (outs.out[i].type == DB_OUT_VIEW || outs.out[i].type == DB_OUT_BLOB)
			die("column \"%s\" outlives its row in \"%.60s\"", outs.out[i].column, sql);
	r = db_select(db, sql, args);
	found = db_next_row(r, outs);
	if (r->rows > 1)
		die("%zu rows instead of one in \"%s\"", r->rows, r->sql);
	for (size_t i = 0; !found && i < outs.count; i++)
		clear(&outs.out[i]);
	db_result_free(r);
	return found;
}

bool db_exists(struct db *db, const char *sql, struct db_args args)
{
	struct db_result *r = db_select(db, sql, args);
	bool found = db_next(r);

	db_result_free(r);
	return found;
}

int64_t db_number(struct db *db, const char *sql, struct db_args args)
{
	struct db_result *r = db_select(db, sql, args);
	int64_t n = 0;

	if (r->columns > 1 || r->rows > 1)
		die("%zu rows of %u columns instead of one number in \"%s\"", r->rows, r->columns,
		    r->sql);
	if (r->columns)
		db_next_row(r, DB_OUT(DB_INT(name_of(r, 0), &n)));
	db_result_free(r);
	return n;
}

void db_today(struct db *db, char out[DB_DAY_SIZE])
{
	db_one(db, "SELECT DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR) AS day", DB_NO_ARGS,
	       DB_OUT(DB_TEXT_N("day", out, DB_DAY_SIZE)));
}

void db_call(struct db *db, const char *sql, struct db_args args, char out[DB_WORD_SIZE])
{
	db_one(db, sql, args, DB_OUT(DB_TEXT_N("result", out, DB_WORD_SIZE)));
}
