## Fragment of Makefile.am: room lib/paper.
##
## code.c is for every page that takes scans; the rest needs $(PAPER_LIBS).
lib_libyj_a_SOURCES += \
	lib/paper/code.c lib/paper/code.h
PAPER_LIBS = $(PANGO_LIBS) $(QR_LIBS)
