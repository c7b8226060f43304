## Fragment of Makefile.am: etc/, and the pages that the web server shows by itself.

static_errordir = $(staticdir)/error
dist_static_error_DATA = \
	htdocs/error/400.html htdocs/error/404.html htdocs/error/408.html \
	htdocs/error/413.html htdocs/error/500.html

httpd_confdir = $(datadir)/yuanjian/httpd
dist_httpd_conf_DATA = etc/httpd/common.conf etc/httpd/public.conf etc/httpd/intranet.conf

EXTRA_DIST += README docs/phone.png dev .ci/run .clang-format .clang-tidy .editorconfig .gitignore \
	etc/packages.txt etc/packages-build.txt etc/packages-run.txt etc/packages-bench.txt \
	etc/packages-full.txt etc/cppcheck.txt \
	etc/dev/common.sh etc/dev/packages.sh etc/dev/build.sh etc/dev/database.sh \
	etc/dev/httpd.sh etc/dev/cron.sh etc/dev/crond.pl etc/dev/check.sh \
	etc/httpd/demo.conf etc/httpd/mime.types etc/mariadb/demo.cnf

dist_httpd_conf_DATA += etc/httpd/site-public.conf.example etc/httpd/site-intranet.conf.example

## The scheduled jobs, for /etc/cron.d, and their log, for /etc/logrotate.d.
crontabdir = $(datadir)/yuanjian
dist_crontab_DATA = etc/crontab etc/logrotate

## Where config and secrets go: others may pass, and list nothing.
install-data-local:
	$(MKDIR_P) $(DESTDIR)$(confdir)
	chmod 0711 $(DESTDIR)$(confdir)
uninstall-local:
	-rmdir $(DESTDIR)$(confdir) 2>/dev/null
