## Fragment of Makefile.am: tests of flow.
