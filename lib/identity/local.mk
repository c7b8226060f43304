## Fragment of Makefile.am: room lib/identity.
##
## What names the table of providers (provider.c) links them all, and so
## SERVICE_LIBS; the rest is for any page.
lib_libyj_a_SOURCES += lib/identity/identity.h lib/identity/provider.h \
	lib/identity/attempt.c lib/identity/consent.c lib/identity/challenge.c \
	lib/identity/material.c lib/identity/provider.c lib/identity/cloud.c \
	lib/identity/hand-in.c lib/identity/recorded.c lib/identity/queue.c \
	lib/identity/person.c
lib_libyj_a_SOURCES += lib/identity/face-count.c lib/identity/face-count.h
lib_libyj_a_SOURCES += lib/identity/shown.h lib/identity/shown.c \
	lib/identity/keep.h lib/identity/keep.c
