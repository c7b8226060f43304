## Fragment of Makefile.am: cron/, the scheduled jobs; etc/crontab starts them.
##
## To add the job NAME: a line in cron_PROGRAMS and one in cron_NAME_SOURCES, a
## line in etc/crontab, a test t/cron/NAME.t.
crondir = $(libexecdir)/yuanjian/cron
cron_PROGRAMS = cron/expire cron/remind cron/outbox cron/purge cron/reconcile
cron_reconcile_SOURCES = cron/reconcile.c
cron_reconcile_LDADD = $(LDADD) $(SERVICE_LIBS)
cron_reconcile_LDFLAGS = $(LINK_SHARED)
cron_purge_SOURCES = cron/purge.c
cron_expire_SOURCES = cron/expire.c
cron_remind_SOURCES = cron/remind.c
cron_outbox_SOURCES = cron/outbox.c cron/deliver.h cron/deliver-notice.c cron/deliver-forms.c \
	cron/deliver-desk.c cron/deliver-refund.c cron/deliver-invoice.c cron/deliver-books.c
cron_outbox_LDADD = $(LDADD) $(SERVICE_LIBS) $(PAPER_LIBS)
cron_outbox_LDFLAGS = $(LINK_SHARED)
