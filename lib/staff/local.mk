## Fragment of Makefile.am: room lib/staff.
lib_libyj_a_SOURCES += lib/staff/staff.h lib/staff/login.c lib/staff/account.c
