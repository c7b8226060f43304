## Fragment of Makefile.am: tests of base.
unit_tests += t/base/digest-test t/base/text-test t/base/markup-test \
	t/base/money-test
t_base_digest_test_SOURCES = t/base/digest-test.c
t_base_digest_test_LDADD = $(CMOCKA_LDADD)
t_base_text_test_SOURCES = t/base/text-test.c
t_base_text_test_LDADD = $(CMOCKA_LDADD)
t_base_markup_test_SOURCES = t/base/markup-test.c
t_base_markup_test_LDADD = $(CMOCKA_LDADD)
t_base_money_test_SOURCES = t/base/money-test.c
t_base_money_test_LDADD = $(CMOCKA_LDADD)
EXTRA_DIST += t/base/config.t
noinst_PROGRAMS += t/base/unicode
t_base_unicode_SOURCES = t/base/unicode.c
EXTRA_DIST += t/base/unicode.t
