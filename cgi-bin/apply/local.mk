## Fragment of Makefile.am: cgi-bin/apply.
