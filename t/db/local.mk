## Fragment of Makefile.am: tests of db.
