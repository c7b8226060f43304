## Fragment of Makefile.am: tests of fault.
EXTRA_DIST += t/fault/pay-kill.t
