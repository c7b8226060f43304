## Fragment of Makefile.am: tests of video.
noinst_PROGRAMS += t/video/take
t_video_take_SOURCES = t/video/take.c

noinst_PROGRAMS += t/video/probe
t_video_probe_SOURCES = t/video/probe.c
t_video_probe_LDADD =
t_video_probe_LDFLAGS = $(LINK_SHARED)

unit_tests += t/video/video-test
t_video_video_test_SOURCES = t/video/video-test.c
t_video_video_test_LDADD = $(CMOCKA_LDADD)

EXTRA_DIST += t/video/sandbox.t t/video/normalise.t t/video/bad-clips.t t/lib/Yj/Video.pm
