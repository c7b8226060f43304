## Fragment of Makefile.am: room lib/db.
