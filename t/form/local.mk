## Fragment of Makefile.am: tests of form.
check_PROGRAMS += t/form/accept-test
t_form_accept_test_SOURCES = t/form/accept-test.c
t_form_accept_test_LDADD = $(CMOCKA_LDADD)
