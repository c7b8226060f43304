## Fragment of Makefile.am: tests of vault.
