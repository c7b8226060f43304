## Fragment of Makefile.am: tests of service.
check_PROGRAMS += t/service/http-test t/service/wechat-test
t_service_http_test_SOURCES = t/service/http-test.c
t_service_http_test_LDADD = $(CMOCKA_LDADD) $(SERVICE_LIBS)
t_service_http_test_LDFLAGS = $(LINK_SHARED)
t_service_wechat_test_SOURCES = t/service/wechat-test.c
t_service_wechat_test_LDADD = $(CMOCKA_LDADD) $(SERVICE_LIBS)
t_service_wechat_test_LDFLAGS = $(LINK_SHARED)
