## Fragment of Makefile.am: t/.
