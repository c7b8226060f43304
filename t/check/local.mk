## Fragment of Makefile.am: tests of check.
