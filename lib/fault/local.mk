## Fragment of Makefile.am: room lib/fault.
lib_libyj_a_SOURCES += lib/fault/fault.c lib/fault/fault.h
