## Fragment of Makefile.am: tests of schema.
EXTRA_DIST += t/schema/grants.t t/schema/grants.tsv t/schema/migrate.t
