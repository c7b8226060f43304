## Fragment of Makefile.am: room lib/check.
lib_libyj_a_SOURCES += \
	lib/check/check.h lib/check/region.h lib/check/identity-method.h \
	lib/check/uscc.c lib/check/id-number.c lib/check/phone.c \
	lib/check/email.c lib/check/person.c lib/check/region.c lib/check/region-search.c lib/check/identity-method.c
