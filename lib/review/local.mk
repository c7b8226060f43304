## Fragment of Makefile.am: room lib/review.
lib_libyj_a_SOURCES += lib/review/review.h lib/review/reason.c lib/review/pin.c
