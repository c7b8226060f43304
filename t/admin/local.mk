## Fragment of Makefile.am: tests of admin.
EXTRA_DIST += t/admin/outbox.t
