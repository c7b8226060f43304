## Fragment of Makefile.am: stand-ins for the outside services; never installed.
