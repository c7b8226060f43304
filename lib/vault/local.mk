## Fragment of Makefile.am: room lib/vault.
