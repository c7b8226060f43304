## Fragment of Makefile.am: room lib/books.
lib_libyj_a_SOURCES += lib/books/books.h lib/books/invoice.c lib/books/red.c \
	lib/books/bill.c lib/books/compare.c
lib_libyj_a_SOURCES += lib/books/desk.h lib/books/desk.c
