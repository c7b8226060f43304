## Fragment of Makefile.am: room lib/vault.
lib_libyj_a_SOURCES += \
	lib/vault/password.c lib/vault/password.h \
	lib/vault/vault.c lib/vault/vault.h
