/* db-test.c: lib/db against the real server. Uses rows of its own in
 * login_failure, which the admin's account may write, and takes them away. */
#include "db/db.h"

#include <setjmp.h>
#include <cmocka.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/die.h"
#include "base/digest.h"

/* How a child ended: 0, or 10 + enum die_kind. */
#define ENDED_BY_FAULT (10 + DIE_FAULT)
#define ENDED_UNAVAILABLE (10 + DIE_UNAVAILABLE)

struct fixture {
	struct config *config;
	struct db *db;
	uint8_t row[2][SHA256_SIZE]; /* keys of two rows of our own */
};

static struct db_arg key_arg(const struct fixture *f, int i)
{
	return db_bytes(f->row[i], SHA256_SIZE);
}

static void insert_row(struct fixture *f, int i)
{
	assert_int_equal(db_exec(f->db,
				 "INSERT INTO login_failure (login_hash, failures, tried_at)"
				 " VALUES (?, 0, UTC_TIMESTAMP())",
				 DB_ARGS(key_arg(f, i))),
			 1);
}

static int64_t failures_of(struct fixture *f, int i)
{
	struct db_result *r = db_select(f->db,
					"SELECT failures FROM login_failure WHERE login_hash = ?",
					DB_ARGS(key_arg(f, i)));
	int64_t n = db_next(r) ? db_int_at(r, 0) : -1;

	db_result_free(r);
	return n;
}

static long add_failure(struct db *db, const struct fixture *f, int i)
{
	return db_exec(db, "UPDATE login_failure SET failures = failures + 1 WHERE login_hash = ?",
		       DB_ARGS(key_arg(f, i)));
}

/* The owner, who alone writes that table, as impatient as a page. */
static struct db *open_owner(const struct config *config)
{
	struct db *db = db_open(config, DB_OWNER);

	db_exec(db, "SET innodb_lock_wait_timeout = 2", DB_NO_ARGS);
	return db;
}

static int set_up(void **state)
{
	struct fixture *f = xcalloc(1, sizeof(*f));

	*state = f;
	f->config = config_open();
	f->db = open_owner(f->config);
	for (int i = 0; i < 2; i++) {
		random_bytes(f->row[i], SHA256_SIZE);
		insert_row(f, i);
	}
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 2; i++)
		db_exec(f->db, "DELETE FROM login_failure WHERE login_hash = ?",
			DB_ARGS(key_arg(f, i)));
	db_close(f->db);
	config_free(f->config);
	free(f);
	return 0;
}

static void tell_kind(enum die_kind kind, const char *words)
{
	(void)words;
	_exit(10 + (int)kind);
}

/* Runs `work` in a child whose die() ends with a code of its own. */
static int ends_with(void (*work)(struct fixture *), struct fixture *f)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (!pid) {
		die_set_handler(tell_kind);
		work(f);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_session(void **state)
{
	struct fixture *f = *state;
	struct db_result *r = db_select(f->db,
					"SELECT @@time_zone, @@character_set_client, @@sql_mode,"
					" @@tx_isolation, @@autocommit",
					DB_NO_ARGS);

	assert_true(db_next(r));
	assert_string_equal(db_text_at(r, 0), "+00:00");
	assert_string_equal(db_text_at(r, 1), "utf8mb4");
	assert_non_null(strstr(db_text_at(r, 2), "STRICT_ALL_TABLES"));
	assert_string_equal(db_text_at(r, 3), "READ-COMMITTED");
	assert_int_equal(db_int_at(r, 4), 1);
	assert_false(db_next(r));
	assert_false(db_next(r));
	db_result_free(r);
}

static void test_values(void **state)
{
	static const char bytes[] = "a\0b\xff\xf0\x9f\x98\x80";
	struct fixture *f = *state;
	size_t len;
	struct db_result *r = db_select(
		f->db,
		"SELECT ?, ?, ?, ?, CAST(? AS BINARY), CAST(18446744073709551615 AS UNSIGNED), 1.50,"
		" TIMESTAMP('2026-02-03 04:05:06.789'), CAST(? AS CHAR CHARACTER SET utf8mb4), ''"
		" UNION ALL SELECT 7, 8, 9, 'longer than the row before', NULL, CAST(3 AS UNSIGNED), 2.25, NULL, 'x', 'y'",
		DB_ARGS(db_int(INT64_MIN), db_int(INT64_MAX), db_null(), db_text(NULL),
			db_bytes(bytes, sizeof(bytes) - 1), db_text("企业😀")));

	assert_true(db_next(r));
	assert_true(db_int_at(r, 0) == INT64_MIN);
	assert_string_equal(db_text_at(r, 0), "-9223372036854775808");
	assert_true(db_int_at(r, 1) == INT64_MAX);
	assert_true(db_is_null(r, 2));
	assert_int_equal(db_int_at(r, 2), 0);
	assert_string_equal(db_text_at(r, 2), "");
	assert_true(db_is_null(r, 3));
	assert_memory_equal(db_bytes_at(r, 4, &len), bytes, sizeof(bytes) - 1);
	assert_int_equal(len, sizeof(bytes) - 1);
	assert_string_equal(db_text_at(r, 5), "18446744073709551615");
	assert_true((uint64_t)db_int_at(r, 5) == UINT64_MAX);
	assert_string_equal(db_text_at(r, 6), "1.50");
	assert_string_equal(db_text_at(r, 7), "2026-02-03 04:05:06.789");
	assert_string_equal(db_text_at(r, 8), "企业😀");
	assert_false(db_is_null(r, 9));
	assert_string_equal(db_text_at(r, 9), "");
	assert_true(db_next(r));
	assert_int_equal(db_int_at(r, 0), 7);
	assert_string_equal(db_text_at(r, 3), "longer than the row before");
	assert_true(db_is_null(r, 4));
	assert_false(db_next(r));
	db_result_free(r);
}

static void test_large_and_many(void **state)
{
	struct fixture *f = *state;
	size_t len;
	struct db_result *r = db_select(f->db, "SELECT REPEAT('x', ?)", DB_ARGS(db_int(3000000)));

	assert_true(db_next(r));
	db_bytes_at(r, 0, &len);
	assert_int_equal(len, 3000000);
	db_result_free(r);
	r = db_select(f->db, "SELECT code FROM region LIMIT ?", DB_ARGS(db_int(3000)));
	size_t rows = 0;
	while (db_next(r))
		rows += strlen(db_text_at(r, 0)) == 6;
	assert_int_equal(rows, 3000);
	db_result_free(r);
}

static void test_counts_and_duplicates(void **state)
{
	struct fixture *f = *state;
	static const char insert[] = "INSERT INTO login_failure (login_hash, failures, tried_at)"
				     " VALUES (?, 9, UTC_TIMESTAMP())";

	assert_int_equal(add_failure(f->db, f, 0), 1);
	assert_int_equal(db_exec(f->db,
				 "UPDATE login_failure SET failures = 1 WHERE login_hash = ?",
				 DB_ARGS(key_arg(f, 0))),
			 0); /* it was 1 already: nothing changed */
	assert_int_equal(db_exec(f->db, insert, DB_ARGS(key_arg(f, 0))), DB_DUPLICATE);
	assert_int_equal(failures_of(f, 0), 1);
}

/* The rows of a procedure are read to the end, so that the next statement works. */
static void test_call(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 3; i++) {
		struct db_result *r = db_select(f->db, "CALL flow_advance(?, ?, ?, ?, ?, ?)",
						DB_ARGS(db_int(0), db_text("admin"), db_int(0),
							db_text("save"), db_text("k"), db_null()));

		assert_true(db_next(r));
		assert_string_equal(db_text_at(r, 0), "no_application");
		db_result_free(r);
		assert_int_equal(failures_of(f, 0), 0);
	}
}

static bool change_both(struct db *db, void *context)
{
	add_failure(db, context, 0);
	assert_int_equal(db_exec(db,
				 "INSERT INTO login_failure (login_hash, failures, tried_at)"
				 " VALUES (?, 9, UTC_TIMESTAMP())",
				 DB_ARGS(key_arg(context, 1))),
			 DB_DUPLICATE); /* an answer: the transaction goes on */
	add_failure(db, context, 1);
	return true;
}

static bool change_and_regret(struct db *db, void *context)
{
	change_both(db, context);
	return false;
}

static void test_commit_and_rollback(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(db_transaction(f->db, change_and_regret, f), DB_UNDONE);
	assert_int_equal(failures_of(f, 0), 0);
	assert_int_equal(db_transaction(f->db, change_both, f), DB_DONE);
	assert_int_equal(failures_of(f, 0), 1);
	assert_int_equal(failures_of(f, 1), 1);
	assert_string_equal(db_refusal(f->db), "");
}

/* A session of another part is refused by a trigger, whatever comes after. */
static bool be_refused(struct db *db, void *context)
{
	static const char session[] =
		"INSERT INTO session (token_hash, role, subject, created_at, seen_at, idle_at,"
		" ends_at) VALUES (?, 'clerk', 0, NOW(), NOW(), NOW(), NOW())";

	add_failure(db, context, 0);
	db_exec(db, session, DB_ARGS(key_arg(context, 0)));
	assert_int_equal(add_failure(db, context, 1), 0);
	assert_int_equal(db_exec(db, "DELETE FROM login_failure", DB_NO_ARGS), 0);
	struct db_result *r = db_select(db, "SELECT 1", DB_NO_ARGS);
	assert_false(db_next(r));
	db_result_free(r);
	return true;
}

static void test_refusal_is_sticky(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(db_transaction(f->db, be_refused, f), DB_REFUSED);
	assert_string_equal(db_refusal(f->db), "session_of_another_part");
	assert_int_equal(failures_of(f, 0), 0);
	assert_int_equal(failures_of(f, 1), 0);
	assert_int_equal(db_transaction(f->db, change_both, f), DB_DONE);
	assert_string_equal(db_refusal(f->db), "");
}

/* Two transactions that lock two rows in opposite order. */
struct side {
	const struct fixture *f;
	int first, tries, tell, wait;
	const int *pipe;
};

static bool cross(struct db *db, void *context)
{
	struct side *s = context;
	char c = 'x';

	s->tries++;
	add_failure(db, s->f, s->first);
	if (s->tries == 1) { /* meet once, each holding its first row */
		assert_int_equal(write(s->tell, &c, 1), 1);
		assert_int_equal(read(s->wait, &c, 1), 1);
	}
	add_failure(db, s->f, 1 - s->first);
	return true;
}

static void test_deadlock_is_tried_again(void **state)
{
	struct fixture *f = *state;
	int there[2], back[2], status;

	assert_int_equal(pipe(there), 0);
	assert_int_equal(pipe(back), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct side s = { .f = f, .first = 1, .tell = back[1], .wait = there[0] };
		struct db *db = open_owner(f->config);

		_exit(db_transaction(db, cross, &s) == DB_DONE ? s.tries : 99);
	}
	struct side s = { .f = f, .first = 0, .tell = there[1], .wait = back[0] };
	assert_int_equal(db_transaction(f->db, cross, &s), DB_DONE);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(s.tries + WEXITSTATUS(status), 3); /* one of them lost once */
	assert_int_equal(failures_of(f, 0), 2);
	assert_int_equal(failures_of(f, 1), 2);
}

static void bad_syntax(struct fixture *f)
{
	db_exec(f->db, "SELEKT 1", DB_NO_ARGS);
}

static void not_granted(struct fixture *f)
{
	struct db *db = db_open(f->config, DB_ADMIN);

	db_exec(db, "DELETE FROM event WHERE id = ?", DB_ARGS(db_int(0)));
}

static void out_of_range(struct fixture *f)
{
	db_exec(f->db, "UPDATE login_failure SET failures = ? WHERE login_hash = ?",
		DB_ARGS(db_int(-1), key_arg(f, 0)));
}

static void too_few_parameters(struct fixture *f)
{
	db_result_free(db_select(f->db, "SELECT ?, ?", DB_ARGS(db_int(1))));
}

static void no_such_column(struct fixture *f)
{
	struct db_result *r = db_select(f->db, "SELECT 1", DB_NO_ARGS);

	db_next(r);
	db_int_at(r, 1);
}

static void no_row(struct fixture *f)
{
	db_int_at(db_select(f->db, "SELECT 1", DB_NO_ARGS), 0);
}

static bool nest(struct db *db, void *context)
{
	db_transaction(db, change_both, context);
	return true;
}

static void nested(struct fixture *f)
{
	db_transaction(f->db, nest, f);
}

static void test_faults(void **state)
{
	static void (*const faults[])(struct fixture *) = {
		bad_syntax,     not_granted, out_of_range, too_few_parameters,
		no_such_column, no_row,      nested,
	};

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		struct fixture *f = *state;

		/* The child's connection is its own. */
		struct db *ours = f->db;
		f->db = open_owner(f->config);
		assert_int_equal(ends_with(faults[i], f), ENDED_BY_FAULT);
		db_close(f->db);
		f->db = ours;
	}
}

/* Kills its own connection, and asks again. */
static void lose_connection(struct fixture *f)
{
	struct db *victim = db_open(f->config, DB_ADMIN), *killer = db_open(f->config, DB_ADMIN);
	struct db_result *r = db_select(victim, "SELECT CONNECTION_ID()", DB_NO_ARGS);
	char *sql;

	db_next(r);
	sql = xprintf("KILL %ld", (long)db_int_at(r, 0));
	db_exec(killer, sql, DB_NO_ARGS);
	usleep(100000);
	db_exec(victim, "DO ?", DB_ARGS(db_int(1)));
}

/* The config of the instance with another socket. */
static struct config *config_with_socket(const char *socket_path)
{
	struct buffer text = BUFFER_INIT, why = BUFFER_INIT;
	char line[1024], path[] = "/tmp/db-test-XXXXXX";
	FILE *in = fopen(getenv("YJ_CONFIG"), "r");
	int fd = mkstemp(path);

	assert_non_null(in);
	assert_true(fd >= 0);
	while (fgets(line, sizeof(line), in))
		if (strncmp(line, "db_socket", 9) != 0)
			buffer_puts(&text, line);
	buffer_printf(&text, "db_socket = %s\n", socket_path);
	fclose(in);
	assert_int_equal(write(fd, text.data, text.len), text.len);
	close(fd);
	struct config *config = config_load(path, &why);
	unlink(path);
	if (!config)
		fail_msg("%s", buffer_text(&why));
	buffer_release(&text);
	return config;
}

static void connect_to_nobody(struct fixture *f UNUSED)
{
	db_open(config_with_socket("/tmp/no-such-socket"), DB_ADMIN);
}

/* Listens and never answers, as a stopped server does. */
static void connect_to_silence(struct fixture *f UNUSED)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char folder[] = "/tmp/db-test-XXXXXX";
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), ends[2];
	char c;

	if (!mkdtemp(folder) || pipe(ends))
		_exit(1);
	snprintf(at.sun_path, sizeof(at.sun_path), "%s/s", folder);
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)) || listen(fd, 8))
		_exit(1);
	struct config *config = config_with_socket(at.sun_path);
	if (!fork()) { /* clears up when the parent has gone */
		close(ends[1]);
		if (read(ends[0], &c, 1) == 0) {
			unlink(at.sun_path);
			rmdir(folder);
		}
		_exit(0);
	}
	db_open(config, DB_ADMIN);
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void test_unavailable(void **state)
{
	static void (*const ways[])(struct fixture *) = {
		connect_to_nobody,
		connect_to_silence,
		lose_connection,
	};

	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		double begun = now_s();

		assert_int_equal(ends_with(ways[i], *state), ENDED_UNAVAILABLE);
		assert_true(now_s() - begun < 5); /* ANSWER_TIMEOUT_S is twice that */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_session, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_values, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_large_and_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_counts_and_duplicates, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_call, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_commit_and_rollback, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_refusal_is_sticky, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_deadlock_is_tried_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_faults, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_unavailable, set_up, tear_down),
	};

	if (!getenv("YJ_CONFIG")) {
		puts("1..0 # SKIP no database: ./dev up");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
