## Fragment of Makefile.am: tests of notice.
unit_tests += t/notice/template-test
t_notice_template_test_SOURCES = t/notice/template-test.c
t_notice_template_test_LDADD = $(CMOCKA_LDADD)
EXTRA_DIST += t/notice/kinds.t t/notice/mail.t
