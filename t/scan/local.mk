## Fragment of Makefile.am: tests of scan.
