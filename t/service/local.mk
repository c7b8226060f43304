## Fragment of Makefile.am: tests of service.
unit_tests += t/service/http-test t/service/wechat-test
t_service_http_test_SOURCES = t/service/http-test.c
t_service_http_test_LDADD = $(CMOCKA_LDADD) $(SERVICE_LIBS)
t_service_http_test_LDFLAGS = $(LINK_SHARED)
t_service_wechat_test_SOURCES = t/service/wechat-test.c
t_service_wechat_test_LDADD = $(CMOCKA_LDADD) $(SERVICE_LIBS)
t_service_wechat_test_LDFLAGS = $(LINK_SHARED)

unit_tests += t/service/wechat-crypto-test
t_service_wechat_crypto_test_SOURCES = t/service/wechat-crypto-test.c
t_service_wechat_crypto_test_LDADD = $(CMOCKA_LDADD)

noinst_PROGRAMS += t/service/wechat-crypt t/service/wechat-notify
t_service_wechat_crypt_SOURCES = t/service/wechat-crypt.c
t_service_wechat_notify_SOURCES = t/service/wechat-notify.c
t_service_wechat_notify_LDADD = $(LDADD) $(SERVICE_LIBS)
t_service_wechat_notify_LDFLAGS = $(LINK_SHARED)
EXTRA_DIST += t/service/no-certificates.t t/service/wechat-crypt.t t/service/wechat-crypt.mjs t/service/wechat-account.t t/service/wechat-consent.t t/service/smtp-tls.t t/service/smtp-server

unit_tests += t/service/mail-test
t_service_mail_test_SOURCES = t/service/mail-test.c
t_service_mail_test_LDADD = $(CMOCKA_LDADD) $(SERVICE_LIBS)
t_service_mail_test_LDFLAGS = $(LINK_SHARED)

unit_tests += t/service/tc3-test
t_service_tc3_test_SOURCES = t/service/tc3-test.c
t_service_tc3_test_LDADD = $(CMOCKA_LDADD)
noinst_PROGRAMS += t/service/tc3
t_service_tc3_SOURCES = t/service/tc3.c
EXTRA_DIST += t/service/tc3.t t/service/tc3.mjs t/service/faceid.t t/service/nuonuo.t

unit_tests += t/service/faceid-test t/service/nuonuo-test
t_service_faceid_test_SOURCES = t/service/faceid-test.c
t_service_faceid_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
t_service_faceid_test_LDADD = $(CMOCKA_LDADD) $(JSON_LIBS)
t_service_faceid_test_LDFLAGS = $(LINK_SHARED)
t_service_nuonuo_test_SOURCES = t/service/nuonuo-test.c
t_service_nuonuo_test_LDADD = $(CMOCKA_LDADD) $(JSON_LIBS)
t_service_nuonuo_test_LDFLAGS = $(LINK_SHARED)
noinst_PROGRAMS += t/service/wechatpay-call t/service/wechatpay-cross
t_service_wechatpay_call_SOURCES = t/service/wechatpay-call.c
t_service_wechatpay_call_LDADD = $(LDADD) $(SERVICE_LIBS)
t_service_wechatpay_call_LDFLAGS = $(LINK_SHARED)
t_service_wechatpay_cross_SOURCES = t/service/wechatpay-cross.c
EXTRA_DIST += t/service/wechatpay.t t/service/wechatpay-cross.t t/service/wechatpay-cross.mjs
noinst_PROGRAMS += t/service/faceid t/service/nuonuo
t_service_faceid_SOURCES = t/service/faceid.c
t_service_faceid_LDADD = $(LDADD) $(SERVICE_LIBS)
t_service_faceid_LDFLAGS = $(LINK_SHARED)
t_service_nuonuo_SOURCES = t/service/nuonuo.c
t_service_nuonuo_LDADD = $(LDADD) $(SERVICE_LIBS)
t_service_nuonuo_LDFLAGS = $(LINK_SHARED)

unit_tests += t/service/wechatpay-test t/service/wechatpay-bill-test
t_service_wechatpay_test_SOURCES = t/service/wechatpay-test.c t/service/wechatpay-vectors.h
t_service_wechatpay_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/t
t_service_wechatpay_test_LDADD = $(CMOCKA_LDADD) $(JSON_LIBS)
t_service_wechatpay_test_LDFLAGS = $(LINK_SHARED)
t_service_wechatpay_bill_test_SOURCES = t/service/wechatpay-bill-test.c
t_service_wechatpay_bill_test_LDADD = $(CMOCKA_LDADD)
