## Fragment of Makefile.am: room lib/applicant.
lib_libyj_a_SOURCES += lib/applicant/applicant.h lib/applicant/login.c lib/applicant/contact.c \
	lib/applicant/forms.c lib/applicant/agreement.h lib/applicant/agreement.c
