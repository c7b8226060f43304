## Fragment of Makefile.am: room lib/form.
