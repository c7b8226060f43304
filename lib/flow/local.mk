## Fragment of Makefile.am: room lib/flow.
lib_libyj_a_SOURCES += lib/flow/flow.c lib/flow/flow.h
lib_libyj_a_SOURCES += lib/flow/allows.c lib/flow/standing.c
