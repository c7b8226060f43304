## Fragment of Makefile.am: room lib/db.
lib_libyj_a_SOURCES += \
	lib/db/db.c lib/db/db.h lib/db/internal.h \
	lib/db/result.c lib/db/row.c lib/db/row.h lib/db/startup.c
if DB_TLS
lib_libyj_a_SOURCES += lib/db/tls.c
else
lib_libyj_a_SOURCES += lib/db/no-tls.c
endif
