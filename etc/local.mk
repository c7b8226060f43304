## Fragment of Makefile.am: etc/.
