## Fragment of Makefile.am: tests of fault.
