## Fragment of Makefile.am: room lib/applicant.
lib_libyj_a_SOURCES += lib/applicant/agreement.h lib/applicant/agreement.c
