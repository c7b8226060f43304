## Fragment of Makefile.am: tests of video.
noinst_PROGRAMS += t/video/take
t_video_take_SOURCES = t/video/take.c
