## Fragment of Makefile.am: cron/, the scheduled jobs; etc/crontab starts them.
##
## To add the job NAME: a line in cron_PROGRAMS and one in cron_NAME_SOURCES, a
## line in etc/crontab, a test t/cron/NAME.t.
crondir = $(libexecdir)/yuanjian/cron
cron_PROGRAMS = cron/expire cron/remind cron/outbox cron/purge cron/identity
guard = cron/guard.c cron/guard.h
worker = cron/worker.c cron/worker.h $(guard)
batch = cron/batch.c cron/batch.h $(guard)
cron_identity_SOURCES = cron/identity.c $(worker)
cron_identity_LDADD = $(LDADD) $(SERVICE_LIBS)
cron_identity_LDFLAGS = $(LINK_SHARED)
cron_PROGRAMS += cron/ticket
cron_ticket_SOURCES = cron/ticket.c
cron_ticket_LDADD = $(LDADD) $(SERVICE_LIBS)
cron_ticket_LDFLAGS = $(LINK_SHARED)
cron_PROGRAMS += cron/poll
cron_PROGRAMS += cron/reconcile
cron_reconcile_SOURCES = cron/reconcile.c $(guard)
cron_reconcile_LDADD = $(LDADD) $(SERVICE_LIBS)
cron_reconcile_LDFLAGS = $(LINK_SHARED)
cron_purge_SOURCES = cron/purge.c $(guard)
cron_expire_SOURCES = cron/expire.c $(batch)
cron_remind_SOURCES = cron/remind.c $(batch)
cron_outbox_SOURCES = cron/outbox.c $(worker) cron/deliver.h \
	cron/deliver-message.c cron/deliver-forms.c \
	cron/deliver-desk.c cron/deliver-faces.c cron/deliver-unproven.c \
	cron/deliver-refund.c cron/deliver-invoice.c \
	cron/deliver-billing.c
cron_outbox_LDADD = $(LDADD) $(SERVICE_LIBS) $(PRINT_LIBS)
cron_outbox_LDFLAGS = $(LINK_SHARED)
cron_PROGRAMS += cron/retention
cron_retention_SOURCES = cron/retention.c $(batch)
cron_poll_SOURCES = cron/poll.c cron/poll.h $(worker) \
	cron/poll-notification.c cron/poll-order.c cron/poll-refund.c
cron_poll_LDADD = $(LDADD) $(SERVICE_LIBS)
cron_poll_LDFLAGS = $(LINK_SHARED)
