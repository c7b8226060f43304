## Fragment of Makefile.am: tests of bin/.
EXTRA_DIST += t/bin/project.t
