## Fragment of Makefile.am: htdocs/, what the web server hands out as it is.
##
## Served at /static/. The pages name these files with a mark made from their
## content (htdocs/version.h); scripts that load others pass it on.

staticdir = $(datadir)/yuanjian/htdocs
static_cssdir = $(staticdir)/css
static_jsdir = $(staticdir)/js
static_vendordir = $(staticdir)/vendor
static_helpdir = $(staticdir)/help

VERSIONED = \
	htdocs/mark.svg \
	htdocs/vendor/weui.css \
	htdocs/css/yuanjian.css htdocs/css/desk.css \
	htdocs/js/yuanjian.js \
	htdocs/js/upload.js htdocs/js/record.js htdocs/js/wire.js \
	htdocs/js/region.js \
	htdocs/js/subscribe.js htdocs/js/pay.js

dist_static_DATA = htdocs/mark.svg
dist_static_css_DATA = htdocs/css/yuanjian.css htdocs/css/desk.css
dist_static_js_DATA = htdocs/js/yuanjian.js htdocs/js/upload.js htdocs/js/region.js \
	htdocs/js/record.js htdocs/js/wire.js htdocs/js/subscribe.js htdocs/js/pay.js
dist_static_vendor_DATA = htdocs/vendor/weui.css htdocs/vendor/weui-LICENSE.txt
dist_static_help_DATA = htdocs/help/index.html
static_examplesdir = $(staticdir)/examples
## Drawn by t/samples/examples.
dist_static_examples_DATA = htdocs/examples/licence.jpg \
	htdocs/examples/id-front.jpg htdocs/examples/id-back.jpg \
	htdocs/examples/application-form.jpg htdocs/examples/user-agreement.jpg

EXTRA_DIST += htdocs/version.sh htdocs/weui.sh package.json package-lock.json
BUILT_SOURCES += htdocs/version.h
CLEANFILES += htdocs/version.h

htdocs/version.h: $(VERSIONED) htdocs/version.sh
	$(AM_V_GEN)$(MKDIR_P) htdocs && cd $(srcdir) && \
	htdocs/version.sh $(VERSIONED) > $(abs_builddir)/$@.new && \
	mv $(abs_builddir)/$@.new $(abs_builddir)/$@

lib_libyj_a_SOURCES += lib/page/layout.c lib/page/layout.h lib/page/page.h

lib/page/layout.$(OBJEXT): htdocs/version.h
