## Fragment of Makefile.am: room lib/paper.
##
## A page that takes scans needs code.c and edition.c; what prints links
## $(PAPER_LIBS) and $(LINK_SHARED).
lib_libyj_a_SOURCES += \
	lib/paper/code.c lib/paper/code.h \
	lib/paper/edition.c lib/paper/edition.h \
	lib/paper/sheet.c lib/paper/sheet.h lib/paper/glyphs.c lib/paper/glyphs.h \
	lib/paper/paper.c lib/paper/paper.h lib/paper/print.h \
	lib/paper/application-form.c lib/paper/agreement.c lib/paper/poster.c
PAPER_LIBS = $(PANGO_LIBS) $(QR_LIBS)
