## Fragment of Makefile.am: room lib/reconcile.
lib_libyj_a_SOURCES += lib/reconcile/reconcile.h lib/reconcile/bill.c lib/reconcile/compare.c \
	lib/reconcile/desk.h lib/reconcile/desk.c
