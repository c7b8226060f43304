## Fragment of Makefile.am: tests of form.
unit_tests += t/form/accept-test
t_form_accept_test_SOURCES = t/form/accept-test.c
t_form_accept_test_LDADD = $(CMOCKA_LDADD)
EXTRA_DIST += t/form/definition.t t/form/schema.t t/lib/Yj/Fields.pm
