## Fragment of Makefile.am: room lib/print.
##
## A page that takes scans needs code.c and edition.c; what prints links
## $(PRINT_LIBS) and $(LINK_SHARED).
lib_libyj_a_SOURCES += \
	lib/print/code.c lib/print/code.h \
	lib/print/edition.c lib/print/edition.h \
	lib/print/sheet.c lib/print/sheet.h lib/print/glyphs.c lib/print/glyphs.h \
	lib/print/typeface.c lib/print/typeface.h \
	lib/print/print.c lib/print/print.h lib/print/document.h \
	lib/print/application-form.c lib/print/agreement.c lib/print/poster.c
PRINT_LIBS = $(PANGO_LIBS) $(QR_LIBS)

## The fonts that prints are set in (typeface.h), cut to the characters of GB/T
## 2312 and of the house's own words. Number 2 of each file is simplified Chinese.
fontsdir = $(pkgdatadir)/fonts
if TYPEFACE
nodist_fonts_DATA = lib/print/regular.otf lib/print/bold.otf
endif
typeface_words = $(FORMS_C:.c=.xml) lib/print/print.c lib/print/application-form.c \
	lib/print/agreement.c lib/print/poster.c
CLEANFILES += lib/print/characters.txt lib/print/regular.otf lib/print/bold.otf
lib/print/characters.txt: $(typeface_words)
	$(AM_V_at)$(MKDIR_P) $(@D)
	$(AM_V_GEN){ LC_ALL=C awk 'BEGIN { for (i = 33; i < 127; i++) printf "%c", i; \
		for (i = 161; i <= 247; i++) for (j = 161; j <= 254; j++) printf "%c%c", i, j }' | \
		iconv -c -f GBK -t UTF-8; cat $^; } >$@
lib/print/regular.otf: lib/print/characters.txt
	$(AM_V_GEN)$(HB_SUBSET) --face-index=2 --text-file=$< --output-file=$@ '$(NOTO_REGULAR)'
lib/print/bold.otf: lib/print/characters.txt
	$(AM_V_GEN)$(HB_SUBSET) --face-index=2 --text-file=$< --output-file=$@ '$(NOTO_BOLD)'
