## Fragment of Makefile.am: room lib/flow.
