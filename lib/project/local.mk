## Fragment of Makefile.am: room lib/project.
lib_libyj_a_SOURCES += lib/project/project.h lib/project/grammar.h lib/project/store.h \
	lib/project/text.c lib/project/grammar.c lib/project/read.c lib/project/settings.c \
	lib/project/load.c lib/project/write.c lib/project/apply.c
lib_libyj_a_SOURCES += lib/project/list.h lib/project/list.c lib/project/source.c
