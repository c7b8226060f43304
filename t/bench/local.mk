## Fragment of Makefile.am: tests of bench.
