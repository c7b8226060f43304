## Fragment of Makefile.am: tests of apply.
