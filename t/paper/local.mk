## Fragment of Makefile.am: tests of paper.
unit_tests += t/paper/code-test
t_paper_code_test_SOURCES = t/paper/code-test.c
t_paper_code_test_LDADD = $(CMOCKA_LDADD)

EXTRA_DIST += t/paper/print.t t/paper/upload.t t/paper/poster.t t/lib/Yj/Paper.pm
