## Fragment of Makefile.am: room lib/message.
lib_libyj_a_SOURCES += \
	lib/message/message.h lib/message/all.c lib/message/message.c lib/message/facts.c \
	lib/message/facts.h
