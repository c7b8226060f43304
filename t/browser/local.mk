## Fragment of Makefile.am: tests of browser.
EXTRA_DIST += t/lib/Yj/Journey.pm t/lib/Yj/Identity.pm t/lib/Yj/Node.pm \
	t/browser/browser.mjs t/browser/behind.mjs t/browser/behind.pl t/browser/identity-walk.mjs \
	t/browser/see.mjs \
	t/browser/desk.t t/browser/desk.mjs t/browser/identity.t t/browser/identity.mjs \
	t/browser/identity-review.t t/browser/identity-review.mjs \
	t/browser/focus.t t/browser/focus.mjs \
	t/browser/journey.t t/browser/journey.mjs \
	t/browser/script.t t/browser/script.mjs \
	t/browser/subscribe.t t/browser/subscribe.mjs \
	t/browser/payment.t t/browser/payment.mjs \
	t/browser/refund.t t/browser/refund.mjs t/browser/finance.t t/browser/finance.mjs \
	t/browser/vendor.t
