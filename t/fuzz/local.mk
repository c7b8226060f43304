## Fragment of Makefile.am: tests of fuzz.
