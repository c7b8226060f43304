## Fragment of Makefile.am: room lib/service.
