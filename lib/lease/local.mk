## Fragment of Makefile.am: room lib/lease.
lib_libyj_a_SOURCES += lib/lease/lease.h lib/lease/lease.c
