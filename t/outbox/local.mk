## Fragment of Makefile.am: tests of outbox.
EXTRA_DIST += t/outbox/kill.t t/outbox/worker.t t/outbox/jobs.t t/lib/Yj/Outbox.pm
unit_tests += t/outbox/pause-test
t_outbox_pause_test_SOURCES = t/outbox/pause-test.c
t_outbox_pause_test_LDADD = $(CMOCKA_LDADD)
