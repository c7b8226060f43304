## Fragment of Makefile.am: tests of browser.
