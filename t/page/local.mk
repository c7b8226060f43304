## Fragment of Makefile.am: tests of page.
