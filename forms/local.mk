## Fragment of Makefile.am: forms/.
##
## To add a form: NAME.xml, a line in FORMS_C, its declaration in forms.h and
## in lib/form/all.c.


FORMS_C = forms/company.c forms/legal-rep.c forms/agent.c forms/order.c

nodist_lib_libyj_a_SOURCES = $(FORMS_C)
lib_libyj_a_SOURCES += forms/forms.h
CLEANFILES += $(FORMS_C)
EXTRA_DIST += forms/forms.rng forms/form-to-c.xsl $(FORMS_C:.c=.xml)

SUFFIXES = .xml
.xml.c:
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)$(XMLLINT) --noout --relaxng $(srcdir)/forms/forms.rng $< 2>$@.log \
		|| { cat $@.log >&2; rm -f $@.log; exit 1; }
	@rm -f $@.log
	$(AM_V_at)$(XSLTPROC) --nonet -o $@ $(srcdir)/forms/form-to-c.xsl $<

$(FORMS_C): forms/forms.rng forms/form-to-c.xsl
