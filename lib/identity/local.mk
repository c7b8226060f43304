## Fragment of Makefile.am: room lib/identity.
lib_libyj_a_SOURCES += lib/identity/identity.h
