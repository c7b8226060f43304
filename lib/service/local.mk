## Fragment of Makefile.am: room lib/service.
lib_libyj_a_SOURCES += \
	lib/service/http.c lib/service/http.h \
	lib/service/result.c lib/service/result.h lib/service/wechat-account.h \
	lib/service/wechat.c lib/service/wechat.h
SERVICE_LIBS = $(CURL_LIBS) $(JSON_LIBS)
