## Fragment of Makefile.am: room lib/page.
lib_libyj_a_SOURCES += \
	lib/page/multipart.c lib/page/request.c lib/page/request.h lib/page/urlencoded.c \
	lib/page/reply.c lib/page/reply.h \
	lib/page/session.c lib/page/session.h
