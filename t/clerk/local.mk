## Fragment of Makefile.am: tests of clerk.
