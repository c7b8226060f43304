## Fragment of Makefile.am: forms/.
