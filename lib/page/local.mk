## Fragment of Makefile.am: room lib/page.
