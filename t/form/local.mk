## Fragment of Makefile.am: tests of form.
