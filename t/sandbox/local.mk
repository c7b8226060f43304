## Fragment of Makefile.am: tests of the sandboxes.
EXTRA_DIST += t/sandbox/wechat.t
