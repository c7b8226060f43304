## Fragment of Makefile.am: room lib/paper.
##
## A page that takes scans needs code.c and edition.c; what prints links
## $(PAPER_LIBS) and $(LINK_SHARED).
lib_libyj_a_SOURCES += \
	lib/paper/code.c lib/paper/code.h \
	lib/paper/edition.c lib/paper/edition.h \
	lib/paper/sheet.c lib/paper/sheet.h lib/paper/glyphs.c lib/paper/glyphs.h \
	lib/paper/typeface.c lib/paper/typeface.h \
	lib/paper/paper.c lib/paper/paper.h lib/paper/print.h \
	lib/paper/application-form.c lib/paper/agreement.c lib/paper/poster.c
PAPER_LIBS = $(PANGO_LIBS) $(QR_LIBS)

## The fonts that papers are set in (typeface.h), cut to the characters of GB/T
## 2312 and of the house's own words. Number 2 of each file is simplified Chinese.
fontsdir = $(pkgdatadir)/fonts
if TYPEFACE
nodist_fonts_DATA = lib/paper/regular.otf lib/paper/bold.otf
endif
typeface_words = $(FORMS_C:.c=.xml) lib/paper/paper.c lib/paper/application-form.c \
	lib/paper/agreement.c lib/paper/poster.c
CLEANFILES += lib/paper/characters.txt lib/paper/regular.otf lib/paper/bold.otf
lib/paper/characters.txt: $(typeface_words)
	$(AM_V_at)$(MKDIR_P) $(@D)
	$(AM_V_GEN){ LC_ALL=C awk 'BEGIN { for (i = 33; i < 127; i++) printf "%c", i; \
		for (i = 161; i <= 247; i++) for (j = 161; j <= 254; j++) printf "%c%c", i, j }' | \
		iconv -c -f GBK -t UTF-8; cat $^; } >$@
lib/paper/regular.otf: lib/paper/characters.txt
	$(AM_V_GEN)$(HB_SUBSET) --face-index=2 --text-file=$< --output-file=$@ '$(NOTO_REGULAR)'
lib/paper/bold.otf: lib/paper/characters.txt
	$(AM_V_GEN)$(HB_SUBSET) --face-index=2 --text-file=$< --output-file=$@ '$(NOTO_BOLD)'
