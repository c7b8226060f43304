## Fragment of Makefile.am: room lib/scan.
