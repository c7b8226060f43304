/* row-test.c: db/row.h against the real server, on statements without a table. */
#include "db/row.h"

#include <setjmp.h>
#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"

static struct config *config;
static struct db *db; /* a child opens its own */

static const char *expected; /* what a child's last words must hold */

static void hear(enum die_kind kind, const char *words)
{
	bool good = kind == DIE_FAULT && strstr(words, expected);

	if (!good)
		fprintf(stderr, "# said: %s\n", words);
	_exit(good ? 0 : 1);
}

/* Whether `work` ends in a fault whose words hold `words`. */
static bool dies(void (*work)(void), const char *words)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (!pid) {
		db = db_open(config, DB_OWNER);
		expected = words;
		die_set_handler(hear);
		work();
		_exit(2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void test_types(void **state UNUSED)
{
	int small;
	unsigned natural;
	int64_t wide, sum;
	uint64_t widest;
	bool yes, no;
	char text[5], day[11];
	uint8_t bytes[3];
	char *string;
	struct buffer buffer = BUFFER_INIT;

	buffer_puts(&buffer, "what was there");
	assert_true(
		db_one(db,
		       "SELECT -2147483648 AS small, 4294967295 AS natural_,"
		       " -9223372036854775807 - 1 AS wide, SUM(7) AS total,"
		       " 18446744073709551615 AS widest, 1 = 1 AS yes, 1 = 2 AS no, 'abcd' AS text,"
		       " DATE('2026-02-03') AS day, x'00ff00' AS bytes, '企业😀' AS string,"
		       " x'6100ff' AS buffer",
		       DB_NO_ARGS,
		       /* in another order than the columns */
		       DB_OUT(DB_BUFFER("buffer", &buffer), DB_STRING("string", &string),
			      DB_BYTES("bytes", bytes), DB_TEXT("day", day), DB_TEXT("text", text),
			      DB_FLAG("no", &no), DB_FLAG("yes", &yes), DB_INT("widest", &widest),
			      DB_INT("total", &sum), DB_INT("wide", &wide),
			      DB_INT("natural_", &natural), DB_INT("small", &small))));
	assert_int_equal(small, INT32_MIN);
	assert_int_equal(natural, UINT32_MAX);
	assert_true(wide == INT64_MIN);
	assert_int_equal(sum, 7);
	assert_true(widest == UINT64_MAX);
	assert_true(yes);
	assert_false(no);
	assert_string_equal(text, "abcd");
	assert_string_equal(day, "2026-02-03");
	assert_memory_equal(bytes, "\0\xff", 3);
	assert_string_equal(string, "企业😀");
	assert_int_equal(buffer.len, 3);
	assert_memory_equal(buffer.data, "a\0\xff", 3);
	free(string);
	buffer_release(&buffer);
}

struct all {
	int n;
	bool flag, missing, there;
	char text[4];
	uint8_t bytes[2];
	char *string;
	struct buffer buffer;
};

static bool read_all(const char *sql, struct all *a)
{
	*a = (struct all){ .n = 5, .flag = true, .text = "old", .bytes = { 1, 2 } };
	buffer_puts(&a->buffer, "old");
	return db_one(db, sql, DB_NO_ARGS,
		      DB_OUT(DB_OR_NULL(DB_INT("n", &a->n)), DB_OR_NULL(DB_FLAG("flag", &a->flag)),
			     DB_OR_NULL(DB_TEXT("text", a->text)),
			     DB_OR_NULL(DB_BYTES("bytes", a->bytes)),
			     DB_OR_NULL(DB_STRING("string", &a->string)),
			     DB_OR_NULL(DB_BUFFER("buffer", &a->buffer)),
			     DB_IS_NULL("n", &a->missing), DB_IS_NULL("there", &a->there)));
}

static void assert_cleared(struct all *a)
{
	assert_int_equal(a->n, 0);
	assert_false(a->flag);
	assert_string_equal(a->text, "");
	assert_memory_equal(a->bytes, "\0", 2);
	assert_int_equal(a->buffer.len, 0);
	assert_true(a->missing);
	buffer_release(&a->buffer);
}

#define ALL_SQL                                                                        \
	"SELECT NULL AS n, NULL AS flag, NULL AS text, NULL AS bytes, NULL AS string," \
	" NULL AS buffer, 1 AS there"

static void test_null_and_no_row(void **state UNUSED)
{
	struct all a;

	assert_true(read_all(ALL_SQL, &a));
	assert_string_equal(a.string, "");
	assert_false(a.there);
	free(a.string);
	assert_cleared(&a);
	assert_false(read_all(ALL_SQL " FROM DUAL WHERE 1 = 2", &a));
	assert_null(a.string);
	assert_true(a.there);
	assert_cleared(&a);
}

#define LIST_SQL                                                                \
	"SELECT 1 AS id, 'one' AS name, 10 AS extra UNION ALL SELECT 2, '', 20" \
	" UNION ALL SELECT 3, 'a longer name than the others', 30 ORDER BY id"

static void test_list(void **state UNUSED)
{
	static const char *const names[] = { "one", "", "a longer name than the others" };
	struct db_result *r = db_select(db, LIST_SQL, DB_NO_ARGS);
	const char *name = NULL, *first = NULL;
	int64_t id = 0, extra = 0, rows = 0;

	while (db_next_row(
		r, DB_OUT(DB_VIEW("name", &name), DB_INT("extra", &extra), DB_INT("id", &id)))) {
		assert_string_equal(name, names[rows++]);
		assert_int_equal(id, rows);
		assert_int_equal(extra, 10 * rows);
		if (!first)
			first = name;
	}
	assert_int_equal(rows, 3);
	assert_int_equal(id, 3); /* the targets keep the last row */
	assert_string_equal(first, "one"); /* a view lives as long as the result */
	assert_false(db_next_row(
		r, DB_OUT(DB_VIEW("name", &name), DB_INT("extra", &extra), DB_INT("id", &id))));
	db_result_free(r);
}

static void test_blob(void **state UNUSED)
{
	struct db_result *r = db_select(
		db, "SELECT x'00ff' AS a, '' AS b UNION ALL SELECT NULL, 'x'", DB_NO_ARGS);
	struct db_blob a, b;

	assert_true(db_next_row(r, DB_OUT(DB_OR_NULL(DB_BLOB("a", &a)), DB_BLOB("b", &b))));
	assert_int_equal(a.len, 2);
	assert_memory_equal(a.data, "\0\xff", 2);
	assert_int_equal(b.len, 0);
	assert_true(db_next_row(r, DB_OUT(DB_OR_NULL(DB_BLOB("a", &a)), DB_BLOB("b", &b))));
	assert_null(a.data);
	assert_int_equal(a.len, 0);
	assert_int_equal(b.len, 1);
	db_result_free(r);
}

/* Two readers of one row: each names its own columns. */
static void test_parts(void **state UNUSED)
{
	struct db_result *r = db_select(db, LIST_SQL, DB_NO_ARGS);
	int64_t id, extra, sum = 0;
	const char *name;

	while (db_next(r)) {
		db_row_part(r, DB_OUT(DB_INT("id", &id)));
		db_row_part(r, DB_OUT(DB_INT("extra", &extra), DB_VIEW("name", &name)));
		assert_int_equal(extra, 10 * id);
		sum += extra;
		db_row(r,
		       DB_OUT(DB_INT("extra", &extra), DB_VIEW("name", &name), DB_INT("id", &id)));
		assert_int_equal(extra, 10 * id);
	}
	assert_int_equal(sum, 60);
	db_result_free(r);
}

static void test_single_values(void **state UNUSED)
{
	assert_int_equal(db_number(db, "SELECT ? + 1 AS n", DB_ARGS(db_int(41))), 42);
	assert_int_equal(db_number(db, "SELECT COUNT(*) FROM DUAL", DB_NO_ARGS), 1);
	assert_int_equal(db_number(db, "SELECT 5 FROM DUAL WHERE 1 = 2", DB_NO_ARGS), 0);
	assert_true(db_exists(db, "SELECT NULL", DB_NO_ARGS));
	assert_false(db_exists(db, "SELECT 1 FROM DUAL WHERE 1 = 2", DB_NO_ARGS));
}

/* After a refusal statements have no columns either, and are not compared. */
static bool read_in_trouble(struct db *of, void *context)
{
	int n = 7;

	db_exec(of,
		"INSERT INTO session (token_hash, role, subject, created_at, seen_at, idle_at,"
		" ends_at) VALUES (REPEAT('x', 32), 'clerk', 0, NOW(), NOW(), NOW(), NOW())",
		DB_NO_ARGS);
	*(bool *)context = db_one(of, "SELECT 1 AS n", DB_NO_ARGS, DB_OUT(DB_INT("n", &n))) || n ||
			   db_number(of, "SELECT 1", DB_NO_ARGS) ||
			   db_exists(of, "SELECT 1", DB_NO_ARGS);
	return true;
}

static void test_trouble(void **state UNUSED)
{
	bool read = true;

	assert_int_equal(db_transaction(db, read_in_trouble, &read), DB_REFUSED);
	assert_false(read);
}

/* --- what must not be --- */

static char four[5];
static int number;
static bool flag;

static void one(const char *sql, struct db_outs outs)
{
	db_one(db, sql, DB_NO_ARGS, outs);
}

static void fits_by_a_byte(void)
{
	one("SELECT 'abcd' AS state", DB_OUT(DB_TEXT("state", four)));
	expected = "\"state\" is longer than its target in \"SELECT 'abcd";
	one("SELECT 'abcde' AS state", DB_OUT(DB_TEXT("state", four)));
}

static void characters_are_bytes(void)
{
	one("SELECT '企a' AS state", DB_OUT(DB_TEXT_N("state", four, 5)));
	one("SELECT '企ab' AS state", DB_OUT(DB_TEXT_N("state", four, 5)));
}

static void missing(void)
{
	one("SELECT 1 AS id", DB_OUT(DB_INT("Id", &number)));
}

static void missing_without_rows(void)
{
	one("SELECT 1 AS id FROM DUAL WHERE 1 = 2", DB_OUT(DB_INT("di", &number)));
}

static void extra(void)
{
	one("SELECT 1 AS id, 2 AS more", DB_OUT(DB_INT("id", &number)));
}

static void twice(void)
{
	one("SELECT 1 AS id, 2 AS id", DB_OUT(DB_INT("id", &number)));
}

static void null(void)
{
	one("SELECT NULL AS id", DB_OUT(DB_INT("id", &number)));
}

static void null_in_a_later_row(void)
{
	struct db_result *r = db_select(db, "SELECT 1 AS id UNION ALL SELECT NULL", DB_NO_ARGS);

	while (db_next_row(r, DB_OUT(DB_INT("id", &number))))
		if (number != 1)
			_exit(3);
}

static void long_in_a_later_row(void)
{
	struct db_result *r = db_select(db, "SELECT 'abcd' AS state UNION ALL SELECT 'abcde'",
					DB_NO_ARGS);

	while (db_next_row(r, DB_OUT(DB_TEXT("state", four))))
		if (strcmp(four, "abcd") != 0)
			_exit(3);
}

/* The pointers of the names are another statement's: found anew. */
static void other_targets(void)
{
	struct db_result *r = db_select(db, LIST_SQL, DB_NO_ARGS);

	db_next(r);
	db_row_part(r, DB_OUT(DB_INT("id", &number)));
	db_row_part(r, DB_OUT(DB_INT("nothing", &number)));
}

static void text_for_a_number(void)
{
	one("SELECT '12' AS id", DB_OUT(DB_INT("id", &number)));
}

static void number_for_a_text(void)
{
	one("SELECT 12 AS state", DB_OUT(DB_TEXT("state", four)));
}

static void decimals(void)
{
	one("SELECT 1.5 AS id", DB_OUT(DB_INT("id", &number)));
}

static void wide_for_an_int(void)
{
	one("SELECT 2147483647 AS id", DB_OUT(DB_INT("id", &number)));
	one("SELECT 2147483648 AS id", DB_OUT(DB_INT("id", &number)));
}

static void unsigned_for_a_signed(void)
{
	int64_t wide;

	one("SELECT 9223372036854775807 AS id", DB_OUT(DB_INT("id", &wide)));
	one("SELECT 9223372036854775808 AS id", DB_OUT(DB_INT("id", &wide)));
}

static void sum_out_of_range(void)
{
	int64_t wide;

	one("SELECT SUM(9223372036854775807) * 2 AS id", DB_OUT(DB_INT("id", &wide)));
}

static void negative(void)
{
	unsigned natural;

	one("SELECT -1 AS id", DB_OUT(DB_INT("id", &natural)));
}

static void two_for_a_flag(void)
{
	one("SELECT 2 AS open", DB_OUT(DB_FLAG("open", &flag)));
}

static void nul_in_a_text(void)
{
	one("SELECT x'610062' AS state", DB_OUT(DB_TEXT("state", four)));
}

static void short_bytes(void)
{
	uint8_t bytes[3];

	one("SELECT x'6100' AS digest", DB_OUT(DB_BYTES("digest", bytes)));
}

static void two_rows(void)
{
	one("SELECT 1 AS id UNION ALL SELECT 2", DB_OUT(DB_INT("id", &number)));
}

static void view_of_one(void)
{
	const char *view;

	one("SELECT 'a' AS state", DB_OUT(DB_VIEW("state", &view)));
}

static void before_the_first(void)
{
	db_row(db_select(db, "SELECT 1 AS id", DB_NO_ARGS), DB_OUT(DB_INT("id", &number)));
}

static void null_for_a_number(void)
{
	db_number(db, "SELECT NULL", DB_NO_ARGS);
}

static void two_columns_for_a_number(void)
{
	db_number(db, "SELECT 1, 2", DB_NO_ARGS);
}

static void test_faults(void **state UNUSED)
{
	static const struct {
		void (*work)(void);
		const char *words;
	} faults[] = {
		{ fits_by_a_byte, "not yet" },
		{ characters_are_bytes, "\"state\" is longer than its target in \"SELECT '企ab" },
		{ missing, "\"Id\" is not there" },
		{ missing_without_rows, "\"di\" is not there" },
		{ extra, "\"more\" has no target" },
		{ twice, "\"id\" is there twice" },
		{ null, "\"id\" is NULL" },
		{ null_in_a_later_row, "\"id\" is NULL" },
		{ long_in_a_later_row, "\"state\" is longer" },
		{ other_targets, "\"nothing\" is not there" },
		{ text_for_a_number, "\"id\" is no whole number" },
		{ number_for_a_text, "\"state\" is a number" },
		{ decimals, "\"id\" is no whole number" },
		{ wide_for_an_int, "\"id\" is out of range in \"SELECT 2147483648" },
		{ unsigned_for_a_signed, "\"id\" is out of range in \"SELECT 9223372036854775808" },
		{ sum_out_of_range, "\"id\" is out of range" },
		{ negative, "\"id\" is out of range" },
		{ two_for_a_flag, "\"open\" is out of range" },
		{ nul_in_a_text, "\"state\" holds a NUL" },
		{ short_bytes, "\"digest\" has another length" },
		{ two_rows, "2 rows instead of one" },
		{ view_of_one, "\"state\" outlives its row" },
		{ before_the_first, "no row 0 of 1" },
		{ null_for_a_number, "is NULL" },
		{ two_columns_for_a_number, "2 columns instead of one number" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		if (!dies(faults[i].work, faults[i].words))
			fail_msg("fault %zu: %s", i, faults[i].words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),   cmocka_unit_test(test_null_and_no_row),
		cmocka_unit_test(test_list),    cmocka_unit_test(test_blob),
		cmocka_unit_test(test_parts),   cmocka_unit_test(test_single_values),
		cmocka_unit_test(test_trouble), cmocka_unit_test(test_faults),
	};
	int failed;

	if (!getenv("YJ_CONFIG")) {
		puts("1..0 # SKIP no database: ./dev up");
		return 0;
	}
	config = config_open();
	db = db_open(config, DB_OWNER);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	db_close(db);
	config_free(config);
	return failed;
}
