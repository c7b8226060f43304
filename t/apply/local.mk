## Fragment of Makefile.am: tests of apply.
EXTRA_DIST += t/apply/start.t t/apply/login.t t/apply/agreement.t t/apply/confirm.t \
	t/apply/mine.t t/apply/status.t
EXTRA_DIST += t/apply/company.t t/apply/legal-rep.t t/apply/agent.t t/apply/order.t
EXTRA_DIST += t/apply/journey.t
EXTRA_DIST += t/apply/forms-mail.t
EXTRA_DIST += t/apply/identity.t
EXTRA_DIST += t/apply/sheet-removed.t
EXTRA_DIST += t/apply/payment.t
EXTRA_DIST += t/apply/name.t
