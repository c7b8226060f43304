## Fragment of Makefile.am: tests of message.
unit_tests += t/message/template-test
t_message_template_test_SOURCES = t/message/template-test.c
t_message_template_test_LDADD = $(CMOCKA_LDADD)
EXTRA_DIST += t/message/kinds.t t/message/mail.t
