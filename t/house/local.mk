## Fragment of Makefile.am: tests of house.
