## Fragment of Makefile.am: the generator of sample scans.
EXTRA_DIST += t/samples/make t/samples/examples t/samples/README
if SAMPLES
noinst_PROGRAMS += t/samples/samples
t_samples_samples_SOURCES = t/samples/samples.c t/samples/paint.c t/samples/paint.h \
	t/samples/photo.c t/samples/photo.h t/samples/write.c
t_samples_samples_CPPFLAGS = $(AM_CPPFLAGS) $(SAMPLES_CFLAGS)
t_samples_samples_LDADD = $(SAMPLES_LIBS) -lm
t_samples_samples_LDFLAGS = $(LINK_SHARED)
endif
EXTRA_DIST += t/samples/clips/make
