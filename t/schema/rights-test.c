/* rights-test.c: GRANT statements as the two servers write them, and as grants.sql does. */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

#include "schema/rights.h"

/* What a statement gives, described, with ";" between; NULL: refused. */
static const struct {
	const char *sql, *rights;
} cases[] = {
	{ "GRANT USAGE ON *.* TO `a`@`localhost` IDENTIFIED BY PASSWORD '*0D3C'", "" },
	{ "GRANT SELECT ON project TO 'a'@'localhost'", "SELECT on project" },
	{ "GRANT SELECT, UPDATE (`x`, `y`) ON `db`.`t` TO `a`@`%`",
	  "SELECT on t;UPDATE (x) on t;UPDATE (y) on t" },
	{ "GRANT SELECT (x, y), INSERT, UPDATE (\n\tx) ON `order` TO a@localhost",
	  "SELECT (x) on order;SELECT (y) on order;INSERT on order;UPDATE (x) on order" },
	{ "GRANT SELECT ON package TO a@localhost", "SELECT on package" },
	{ "GRANT SELECT ON db.function TO a@localhost", "SELECT on function" },
	{ "GRANT EXECUTE ON PROCEDURE `db`.`flow_start` TO `a`@`localhost`",
	  "EXECUTE on PROCEDURE flow_start" },
	{ "grant execute on function f to a@localhost", "EXECUTE on FUNCTION f" },
	{ "GRANT ALL PRIVILEGES ON `db`.* TO `a`@`localhost` WITH GRANT OPTION",
	  "ALL PRIVILEGES on all of db;GRANT OPTION on all of db" },
	{ "GRANT USAGE ON `db`.`t` TO `a`@`localhost` WITH GRANT OPTION", "GRANT OPTION on t" },
	{ "GRANT CREATE TEMPORARY TABLES, SHOW VIEW ON `db`.* TO `a`@`localhost`",
	  "CREATE TEMPORARY TABLES on all of db;SHOW VIEW on all of db" },
	{ "GRANT SELECT, FILE ON *.* TO `a`@`localhost`",
	  "SELECT on every database;FILE on every database" },
	{ "GRANT BINLOG_ADMIN,ROLE_ADMIN ON *.* TO `a`@`localhost`",
	  "BINLOG_ADMIN on every database;ROLE_ADMIN on every database" },
	{ "GRANT `auditors` TO `a`@`localhost`", "the role auditors" },
	{ "GRANT `r`@`%`,`s`@`%` TO `a`@`localhost` WITH ADMIN OPTION", "the role r;the role s" },
	{ "GRANT PROXY ON ''@'%' TO 'a'@'localhost' WITH GRANT OPTION",
	  "PROXY of another account;GRANT OPTION of another account" },
	{ "GRANT SELECT (`a``b`) ON `db`.`t``u` TO `a`@`localhost`", "SELECT (a`b) on t`u" },
	{ "GRANT SELECT /* all */ ON -- here\n t TO a@localhost", "SELECT on t" },
	{ "REVOKE SELECT ON t FROM a@localhost", NULL },
	{ "GRANT SELECT ON t", NULL },
	{ "GRANT SELECT (x ON t TO a@localhost", NULL },
	{ "GRANT SELECT ON t TO", NULL },
	{ "GRANT", NULL },
	{ "", NULL },
};

static void test_parse(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rights r = { 0 };
		struct buffer words = BUFFER_INIT;
		bool ok = rights_parse(&r, cases[i].sql, i);

		if (ok != !!cases[i].rights)
			fail_msg("%s: %s", cases[i].sql, ok ? "taken" : "refused");
		for (size_t j = 0; j < r.count; j++) {
			assert_string_equal(r.right[j].user, "a");
			assert_int_equal(r.right[j].statement, i);
			if (j)
				buffer_putc(&words, ';');
			right_describe(&r.right[j], &words);
		}
		assert_string_equal(buffer_text(&words), ok ? cases[i].rights : "");
		buffer_release(&words);
		rights_release(&r);
	}
}

static const struct {
	const char *sql, *revoke; /* NULL: not ours to take */
	bool concerns;
} taken[] = {
	{ "GRANT SELECT (`x`) ON `my_db`.`t` TO a@localhost",
	  "REVOKE SELECT (`x`) ON TABLE `my_db`.`t` FROM 'a'@'localhost'", true },
	{ "GRANT EXECUTE ON PROCEDURE `my_db`.`p` TO a@localhost",
	  "REVOKE EXECUTE ON PROCEDURE `my_db`.`p` FROM 'a'@'localhost'", true },
	{ "GRANT SELECT ON `my_db`.* TO a@localhost",
	  "REVOKE SELECT ON TABLE `my_db`.* FROM 'a'@'localhost'", true },
	{ "GRANT SELECT ON `my\\_db`.* TO a@localhost",
	  "REVOKE SELECT ON TABLE `my\\_db`.* FROM 'a'@'localhost'", true },
	{ "GRANT SELECT ON `my%`.* TO a@localhost", NULL, true },
	{ "GRANT SELECT ON `m_\\_db`.* TO a@localhost", NULL, true },
	{ "GRANT SELECT ON *.* TO a@localhost", NULL, true },
	{ "GRANT r TO a@localhost", NULL, true },
	{ "GRANT PROXY ON ''@'' TO a@localhost", NULL, true },
	{ "GRANT SELECT ON `my_db2`.`t` TO a@localhost", NULL, false },
	{ "GRANT SELECT ON `my\\_db2`.* TO a@localhost", NULL, false },
	{ "GRANT SELECT ON `my__db`.* TO a@localhost", NULL, false },
	{ "GRANT SELECT ON `other%`.* TO a@localhost", NULL, false },
};

static void test_revoke(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
		struct rights r = { 0 };
		struct buffer sql = BUFFER_INIT;

		assert_true(rights_parse(&r, taken[i].sql, 0));
		bool ours = right_revoke_sql(&r.right[0], "my_db", "'a'@'localhost'", &sql);
		if (ours != !!taken[i].revoke ||
		    right_concerns(&r.right[0], "my_db") != taken[i].concerns)
			fail_msg("%s", taken[i].sql);
		assert_string_equal(buffer_text(&sql), ours ? taken[i].revoke : "");
		buffer_release(&sql);
		rights_release(&r);
	}
}

/* A right counts only on its very object, schema, column and kind. */
static void test_have(void **state UNUSED)
{
	static const char *const others[] = {
		"GRANT SELECT ON db.u TO a@localhost",
		"GRANT SELECT ON eb.t TO a@localhost",
		"GRANT SELECT (x) ON db.t TO a@localhost",
		"GRANT INSERT ON db.t TO a@localhost",
		"GRANT SELECT ON PROCEDURE db.t TO a@localhost",
		"GRANT SELECT ON db.t TO b@localhost",
	};
	struct rights wanted = { 0 }, found = { 0 };

	assert_true(rights_parse(&wanted, "GRANT SELECT ON db.t TO a@localhost", 0));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_true(rights_parse(&found, others[i], 0));
	assert_false(rights_have(&found, &wanted.right[0]));
	assert_true(rights_parse(&found, "GRANT DELETE, SELECT ON `db`.`t` TO `a`@`localhost`", 0));
	assert_true(rights_have(&found, &wanted.right[0]));
	rights_release(&wanted);
	rights_release(&found);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
