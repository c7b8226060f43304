## Fragment of Makefile.am: notices/.
##
## To add a notice: KIND.xml (hyphens for underscores), a line in NOTICES_C, in
## notices.h and in lib/notice/all.c.

NOTICES_C = \
	notices/approved.c notices/cancelled.c notices/completed.c \
	notices/expired.c notices/forms-mail.c notices/identity-accepted.c notices/identity-again.c \
	notices/identity-failed.c \
	notices/identity-passed.c notices/identity-refused.c notices/identity-repeat.c notices/identity-unsure.c \
	notices/invoice-mail.c notices/invoice-red-mail.c \
	notices/order-confirmed.c notices/paid.c notices/parcel-returned.c \
	notices/produced.c notices/refunded.c \
	notices/refused.c notices/rejected.c notices/reminder.c notices/resubmitted.c \
	notices/shipped.c

nodist_lib_libyj_a_SOURCES += $(NOTICES_C)
lib_libyj_a_SOURCES += notices/notices.h
CLEANFILES += $(NOTICES_C)
EXTRA_DIST += notices/notices.rng notices/notice-to-c.xsl $(NOTICES_C:.c=.xml)

$(NOTICES_C): notices/notices.rng notices/notice-to-c.xsl
$(NOTICES_C): notices/%.c: notices/%.xml
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)$(XMLLINT) --noout --relaxng $(srcdir)/notices/notices.rng $< 2>$@.log \
		|| { cat $@.log >&2; rm -f $@.log; exit 1; }
	@rm -f $@.log
	$(AM_V_at)$(XSLTPROC) --nonet -o $@ $(srcdir)/notices/notice-to-c.xsl $<
