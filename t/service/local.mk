## Fragment of Makefile.am: tests of service.
