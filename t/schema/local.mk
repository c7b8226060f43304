## Fragment of Makefile.am: tests of schema.
