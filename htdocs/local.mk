## Fragment of Makefile.am: htdocs/.
