## Fragment of Makefile.am: tests of schema.
EXTRA_DIST += t/schema/grants.t t/schema/grants.tsv t/schema/migrate.t t/schema/verify.t t/schema/begun.t t/schema/act.t \
	t/schema/prove.t \
	t/lib/Yj/Scratch.pm

unit_tests += t/schema/rights-test
t_schema_rights_test_SOURCES = t/schema/rights-test.c schema/rights.c schema/script.c
t_schema_rights_test_LDADD = $(CMOCKA_LDADD)
