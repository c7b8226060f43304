## Fragment of Makefile.am: tests of outbox.
EXTRA_DIST += t/outbox/kill.t t/lib/Yj/Outbox.pm
