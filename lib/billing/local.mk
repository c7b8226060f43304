## Fragment of Makefile.am: room lib/billing.
lib_libyj_a_SOURCES += lib/billing/billing.h lib/billing/invoice.c lib/billing/red.c
lib_libyj_a_SOURCES += lib/billing/desk.h lib/billing/desk.c
