## Fragment of Makefile.am: tests of db.
unit_tests += t/db/db-test
t_db_db_test_SOURCES = t/db/db-test.c
t_db_db_test_LDADD = $(CMOCKA_LDADD)
t_db_db_test_LDFLAGS = $(LINK_SHARED)
unit_tests += t/db/row-test
t_db_row_test_SOURCES = t/db/row-test.c
t_db_row_test_LDADD = $(CMOCKA_LDADD)
t_db_row_test_LDFLAGS = $(LINK_SHARED)
