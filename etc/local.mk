## Fragment of Makefile.am: etc/, and the pages that the web server shows by itself.

static_errordir = $(staticdir)/error
dist_static_error_DATA = \
	htdocs/error/400.html htdocs/error/404.html htdocs/error/408.html \
	htdocs/error/413.html htdocs/error/500.html

httpd_confdir = $(datadir)/yuanjian/httpd
dist_httpd_conf_DATA = etc/httpd/common.conf etc/httpd/public.conf etc/httpd/intranet.conf \
	etc/httpd/limits.conf.example \
	etc/httpd/site-public.conf.example etc/httpd/site-intranet.conf.example

EXTRA_DIST += README docs/phone.png dev .ci/run .clang-format .clang-tidy .editorconfig .gitignore \
	etc/packages.txt etc/packages-build.txt etc/packages-run.txt etc/packages-bench.txt \
	etc/packages-full.txt etc/cppcheck.txt \
	etc/dev/common.sh etc/dev/packages.sh etc/dev/build.sh etc/dev/database.sh \
	etc/dev/httpd.sh etc/dev/cron.sh etc/dev/crond.pl etc/dev/check.sh etc/dev/figures.pl \
	etc/httpd/demo.conf etc/httpd/mime.types etc/mariadb/demo.cnf

## httpd's module stands with the programs: a shared object, though it is made as
## a program is. httpd has no sanitizers, so it has none; the warnings that are
## off concern httpd's own macros.
if HTTPD
pkglibexec_PROGRAMS += etc/httpd/mod_ask_first.so
etc_httpd_mod_ask_first_so_SOURCES = etc/httpd/mod_ask_first.c
etc_httpd_mod_ask_first_so_CPPFLAGS = $(HTTPD_CFLAGS) $(FORTIFY)
etc_httpd_mod_ask_first_so_CFLAGS = -std=gnu11 $(WARN_CFLAGS) $(HARDEN_CFLAGS) -fPIC \
	-Wno-cast-qual -Wno-missing-field-initializers -Wno-missing-variable-declarations
etc_httpd_mod_ask_first_so_LDFLAGS = -shared $(HARDEN_LDFLAGS)
etc_httpd_mod_ask_first_so_LDADD =
else
EXTRA_DIST += etc/httpd/mod_ask_first.c
endif

## The scheduled jobs, for /etc/cron.d, and their log, for /etc/logrotate.d.
crontabdir = $(datadir)/yuanjian
dist_crontab_DATA = etc/crontab etc/logrotate

## Where config and secrets go: others may pass, and list nothing.
install-data-local:
	$(MKDIR_P) $(DESTDIR)$(confdir)
	chmod 0711 $(DESTDIR)$(confdir)
uninstall-local:
	-rmdir $(DESTDIR)$(confdir) 2>/dev/null
