## Fragment of Makefile.am: tests of check.
unit_tests += t/check/identifier-test
t_check_identifier_test_SOURCES = t/check/identifier-test.c
t_check_identifier_test_LDADD = $(CMOCKA_LDADD)
EXTRA_DIST += t/check/regions.t
