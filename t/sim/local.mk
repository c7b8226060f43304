## Fragment of Makefile.am: tests of the sims.
EXTRA_DIST += t/sim/wechat.t
