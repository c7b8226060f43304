## Fragment of Makefile.am: room lib/check.
