## Fragment of Makefile.am: tests of the scheduled jobs.
EXTRA_DIST += t/cron/purge.t t/cron/purge-face.t
EXTRA_DIST += t/cron/identity.t
EXTRA_DIST += t/cron/reconcile.t
EXTRA_DIST += t/cron/books.t t/lib/Yj/Books.pm
EXTRA_DIST += t/cron/poll.t t/cron/notice.t
EXTRA_DIST += t/cron/guard.t
