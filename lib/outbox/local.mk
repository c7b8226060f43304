## Fragment of Makefile.am: room lib/outbox.
lib_libyj_a_SOURCES += \
	lib/outbox/outbox.h lib/outbox/claim.c lib/outbox/settle.c lib/outbox/decide.c
