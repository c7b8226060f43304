## Fragment of Makefile.am: tests of base.
