## Fragment of Makefile.am: room lib/notice.
lib_libyj_a_SOURCES += \
	lib/notice/notice.h lib/notice/all.c lib/notice/notice.c lib/notice/facts.c \
	lib/notice/facts.h
