## Fragment of Makefile.am: cgi-bin/clerk.
