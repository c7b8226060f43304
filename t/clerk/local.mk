## Fragment of Makefile.am: tests of clerk.
EXTRA_DIST += t/clerk/finance.t t/clerk/case.t t/clerk/login.t t/clerk/queue.t t/clerk/second-review.t \
	t/clerk/staff.t t/lib/Yj/Staff.pm
