## Fragment of Makefile.am: tests of flow.
EXTRA_DIST += t/flow/transitions.t t/flow/transitions.txt t/flow/forms.t
