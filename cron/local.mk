## Fragment of Makefile.am: cron/, the scheduled jobs.
##
## To add the job NAME: a line in cron_PROGRAMS and one in cron_NAME_SOURCES, a
## line in etc/crontab, a test t/cron/NAME.t.
crondir = $(libexecdir)/yuanjian/cron
cron_PROGRAMS = cron/purge
cron_purge_SOURCES = cron/purge.c
