## Fragment of Makefile.am: tests of bench.
EXTRA_PROGRAMS += t/bench/flow-bench
CLEANFILES += t/bench/flow-bench
t_bench_flow_bench_SOURCES = t/bench/flow-bench.c
EXTRA_DIST += t/bench/flow t/bench/print t/bench/page t/bench/hello.c t/bench/page.pl t/bench/page.php
if SAMPLES
EXTRA_PROGRAMS += t/bench/scan-floor
CLEANFILES += t/bench/scan-floor
t_bench_scan_floor_SOURCES = t/bench/scan-floor.c
t_bench_scan_floor_CPPFLAGS = $(AM_CPPFLAGS) $(SAMPLES_CFLAGS)
t_bench_scan_floor_LDADD = $(SAMPLES_LIBS)
t_bench_scan_floor_LDFLAGS = $(LINK_SHARED)
endif
EXTRA_DIST += t/bench/scan
EXTRA_DIST += t/bench/outbox
EXTRA_DIST += t/bench/video
EXTRA_DIST += t/bench/push
