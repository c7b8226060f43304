## Fragment of Makefile.am: tests of the scheduled jobs.
EXTRA_DIST += t/cron/purge.t t/cron/retention.t
EXTRA_DIST += t/cron/identity.t
EXTRA_DIST += t/cron/reconcile.t
EXTRA_DIST += t/cron/billing.t t/lib/Yj/Billing.pm
EXTRA_DIST += t/cron/poll.t t/cron/notification.t
EXTRA_DIST += t/cron/guard.t
