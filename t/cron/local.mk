## Fragment of Makefile.am: tests of the scheduled jobs.
EXTRA_DIST += t/cron/purge.t t/cron/purge-face.t
EXTRA_DIST += t/cron/identity.t
