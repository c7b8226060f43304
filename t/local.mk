## Fragment of Makefile.am: tests, one fragment a room.
include t/run/local.mk
include t/base/local.mk
include t/db/local.mk
include t/vault/local.mk
include t/flow/local.mk
include t/schema/local.mk
include t/check/local.mk
include t/samples/local.mk
include t/scan/local.mk
include t/video/local.mk
include t/form/local.mk
include t/print/local.mk
include t/service/local.mk
include t/message/local.mk
include t/pay/local.mk
include t/outbox/local.mk
include t/sim/local.mk
include t/page/local.mk
include t/seed/local.mk
include t/apply/local.mk
include t/clerk/local.mk
include t/cron/local.mk
include t/push/local.mk
include t/admin/local.mk
include t/bin/local.mk
include t/browser/local.mk
include t/fuzz/local.mk
include t/fault/local.mk
include t/bench/local.mk
include t/house/local.mk

## C unit tests: cmocka programs, run by prove through `make check`.
CMOCKA_LDADD = $(LDADD) $(CMOCKA_LIBS)
