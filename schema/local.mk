## Fragment of Makefile.am: schema/.
