## Fragment of Makefile.am: messages/.
##
## To add a message: KIND.xml (hyphens for underscores), a line in MESSAGES_C, in
## messages.h and in lib/message/all.c.

MESSAGES_C = \
	messages/approved.c messages/cancelled.c messages/completed.c \
	messages/expired.c messages/forms-mail.c messages/identity-accepted.c messages/identity-again.c \
	messages/identity-failed.c \
	messages/identity-passed.c messages/identity-refused.c messages/identity-repeat.c messages/identity-unsure.c \
	messages/invoice-mail.c messages/invoice-red-mail.c \
	messages/order-confirmed.c messages/paid.c messages/parcel-returned.c \
	messages/produced.c messages/refunded.c \
	messages/refused.c messages/rejected.c messages/reminder.c messages/resubmitted.c \
	messages/shipped.c

nodist_lib_libyj_a_SOURCES += $(MESSAGES_C)
lib_libyj_a_SOURCES += messages/messages.h
CLEANFILES += $(MESSAGES_C)
EXTRA_DIST += messages/messages.rng messages/message-to-c.xsl $(MESSAGES_C:.c=.xml)

$(MESSAGES_C): messages/messages.rng messages/message-to-c.xsl
$(MESSAGES_C): messages/%.c: messages/%.xml
	@$(MKDIR_P) $(@D)
	$(AM_V_GEN)$(XMLLINT) --noout --relaxng $(srcdir)/messages/messages.rng $< 2>$@.log \
		|| { cat $@.log >&2; rm -f $@.log; exit 1; }
	@rm -f $@.log
	$(AM_V_at)$(XSLTPROC) --nonet -o $@ $(srcdir)/messages/message-to-c.xsl $<
