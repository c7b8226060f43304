## Fragment of Makefile.am: tests of the scheduled jobs.
EXTRA_DIST += t/cron/purge.t t/cron/poll.t
