## Fragment of Makefile.am: what runs programs for the tests.
noinst_PROGRAMS += t/run/spawn
t_run_spawn_LDADD =
