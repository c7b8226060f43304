## Fragment of Makefile.am: tests of pay.
noinst_PROGRAMS += t/pay/play
t_pay_play_SOURCES = t/pay/play.c
EXTRA_DIST += t/pay/streams.t t/pay/ledger.t t/lib/Yj/Ledger.pm
