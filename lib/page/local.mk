## Fragment of Makefile.am: room lib/page.
lib_libyj_a_SOURCES += \
	lib/page/access.c lib/page/contract.h lib/page/page.c lib/page/page.h \
	lib/page/last-breath.c lib/page/last-breath.h \
	lib/page/say.c lib/page/scans.c lib/page/tries.c lib/page/read-scan.c lib/page/submit.c \
	lib/page/multipart.c lib/page/request.c lib/page/request.h lib/page/urlencoded.c \
	lib/page/reply.c lib/page/reply.h \
	lib/page/session.c lib/page/session.h
lib_libyj_a_SOURCES += lib/page/image.c lib/page/image.h
lib_libyj_a_SOURCES += lib/page/layout.c lib/page/layout.h
lib_libyj_a_SOURCES += lib/page/entry.c lib/page/entry.h \
	lib/page/contact.c lib/page/contact.h
lib_libyj_a_SOURCES += lib/page/reason.c lib/page/reason.h lib/page/range.c lib/page/range.h
