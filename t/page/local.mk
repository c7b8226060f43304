## Fragment of Makefile.am: tests of page.
unit_tests += t/page/request-test t/page/reply-test
t_page_request_test_SOURCES = t/page/request-test.c
t_page_request_test_LDADD = $(CMOCKA_LDADD)
t_page_reply_test_SOURCES = t/page/reply-test.c
t_page_reply_test_LDADD = $(CMOCKA_LDADD)
EXTRA_DIST += t/page/walk.t t/page/session.t t/page/bad-input.t t/page/scans.t \
	t/page/slow-clients.t t/page/scan-tries.t t/page/database-down.t t/page/last-breath.t
unit_tests += t/page/range-test
t_page_range_test_SOURCES = t/page/range-test.c
t_page_range_test_LDADD = $(CMOCKA_LDADD)
