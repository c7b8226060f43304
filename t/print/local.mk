## Fragment of Makefile.am: tests of print.
unit_tests += t/print/code-test
t_print_code_test_SOURCES = t/print/code-test.c
t_print_code_test_LDADD = $(CMOCKA_LDADD)

EXTRA_DIST += t/print/print.t t/print/upload.t t/print/poster.t t/lib/Yj/Print.pm
