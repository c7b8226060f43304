## Fragment of Makefile.am: forms/.
##
## To add a form: NAME.xml, and a line in FORMS_C; lib/form/form.h has the rest.

FORMS_C = forms/company.c forms/legal-rep.c forms/agent.c forms/order.c

nodist_lib_libyj_a_SOURCES = $(FORMS_C) forms/all.c
BUILT_SOURCES += forms/forms.h forms/headings.h
CLEANFILES += $(FORMS_C) forms/all.c forms/forms.h forms/headings.h
EXTRA_DIST += forms/forms.rng forms/form-to-c.xsl forms/form-lists.xsl $(FORMS_C:.c=.xml)

SUFFIXES = .xml
.xml.c:
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)$(XMLLINT) --noout --relaxng $(srcdir)/forms/forms.rng $< 2>$@.log \
		|| { cat $@.log >&2; rm -f $@.log; exit 1; }
	@rm -f $@.log
	$(AM_V_at)$(XSLTPROC) --nonet -o $@ $(srcdir)/forms/form-to-c.xsl $<

$(FORMS_C): forms/forms.rng forms/form-to-c.xsl forms/forms.h

## What says something of every form.
FORMS_LIST = for form in $(FORMS_C:.c=.xml); do \
	$(XSLTPROC) --nonet --stringparam list $$list $(srcdir)/forms/form-lists.xsl \
		$(srcdir)/$$form || exit 1; done
FORMS_LISTED = $(FORMS_C:.c=.xml) forms/form-lists.xsl forms/local.mk

forms/forms.h: $(FORMS_LISTED)
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN){ echo '#include "form/form.h"' && list=declare && $(FORMS_LIST); } >$@.new
	$(AM_V_at)mv $@.new $@

forms/all.c: $(FORMS_LISTED) forms/forms.h
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN){ echo '#include "forms/forms.h"' && \
		echo 'const struct form *const form_all[] = {' && \
		list=all && $(FORMS_LIST) && echo 'NULL };'; } >$@.new
	$(AM_V_at)mv $@.new $@

forms/headings.h: $(FORMS_LISTED)
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN){ echo '#include "form/form.h"' && echo '#define FORM_HEADINGS \' && \
		list=heading && $(FORMS_LIST) && echo; } >$@.new
	$(AM_V_at)mv $@.new $@
