## Fragment of Makefile.am: room lib/case.
lib_libyj_a_SOURCES += lib/case/case.h lib/case/case.c lib/case/queue.h lib/case/queue.c \
	lib/case/own.h lib/case/own.c lib/case/due.h lib/case/due.c
