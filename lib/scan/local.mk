## Fragment of Makefile.am: room lib/scan.
##
## scan-normalise is the only program that links MagickWand and libseccomp.
pkglibexec_PROGRAMS += lib/scan/scan-normalise

lib_libyj_a_SOURCES += \
	lib/scan/header.c lib/scan/header.h lib/scan/walk.h \
	lib/scan/jpeg.c lib/scan/png.c lib/scan/trailer.c \
	lib/scan/child.c lib/scan/result.h lib/scan/slot.c lib/scan/slot.h \
	lib/scan/store.c lib/scan/text.c lib/scan/scan.h

lib_scan_scan_normalise_SOURCES = \
	lib/scan/normalise/main.c \
	lib/scan/normalise/wand.h \
	lib/scan/normalise/seal.c lib/scan/normalise/seal.h \
	lib/scan/normalise/feed.c lib/scan/normalise/feed.h \
	lib/scan/normalise/picture.c lib/scan/normalise/picture.h \
	lib/scan/normalise/small.c lib/scan/normalise/small.h \
	lib/scan/normalise/marks.c lib/scan/normalise/marks.h \
	lib/scan/normalise/code.c lib/scan/normalise/code.h
if ZBAR
lib_scan_scan_normalise_SOURCES += lib/scan/normalise/alone.c
endif
lib_scan_scan_normalise_CPPFLAGS = $(AM_CPPFLAGS) $(MAGICK_CFLAGS) $(SECCOMP_CFLAGS) $(ZBAR_CFLAGS)
lib_scan_scan_normalise_LDADD = $(LDADD) $(ZBAR_ARCHIVE) $(MAGICK_LIBS) $(SECCOMP_LIBS) -lm
lib_scan_scan_normalise_LDFLAGS = $(LINK_SHARED) $(ZBAR_LDFLAGS)
