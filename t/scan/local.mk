## Fragment of Makefile.am: tests of scan.
noinst_PROGRAMS += t/scan/probe t/scan/take
t_scan_probe_SOURCES = t/scan/probe.c lib/scan/normalise/seal.c
t_scan_probe_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir) $(SECCOMP_CFLAGS)
t_scan_probe_LDADD = $(SECCOMP_LIBS)
t_scan_probe_LDFLAGS = $(LINK_SHARED)
t_scan_take_SOURCES = t/scan/take.c

unit_tests += t/scan/header-test
t_scan_header_test_SOURCES = t/scan/header-test.c
t_scan_header_test_LDADD = $(CMOCKA_LDADD)

EXTRA_DIST += t/scan/sandbox.t t/scan/bad-uploads.t t/scan/normalise.t t/scan/marks.t t/scan/upload.t t/scan/slots.t \
	t/lib/Yj/Scan.pm
