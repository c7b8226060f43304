## Fragment of Makefile.am: room lib/video.
##
## video-seal is started by what calls video_normalise(); it links libseccomp.
pkglibexec_PROGRAMS += lib/video/video-seal

lib_libyj_a_SOURCES += \
	lib/video/head.c lib/video/head.h lib/video/iso.c lib/video/ebml.c \
	lib/video/run.c lib/video/run.h lib/video/probe.c lib/video/probe.h \
	lib/video/plan.c lib/video/plan.h lib/video/normalise.c \
	lib/video/words.c lib/video/video.h

lib_video_video_seal_SOURCES = lib/video/seal/main.c lib/video/seal/seal.c lib/video/seal/seal.h
lib_video_video_seal_CPPFLAGS = $(AM_CPPFLAGS) $(SECCOMP_CFLAGS)
lib_video_video_seal_LDADD = $(SECCOMP_LIBS)
lib_video_video_seal_LDFLAGS = $(LINK_SHARED)
