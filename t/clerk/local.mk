## Fragment of Makefile.am: tests of clerk.
EXTRA_DIST += t/clerk/case.t t/clerk/login.t t/clerk/queue.t t/clerk/second-review.t \
	t/clerk/staff.t t/clerk/identity.t t/clerk/in-person.t t/clerk/reject.t t/clerk/person.t \
	t/clerk/finance.t t/clerk/staff-terminal.t t/lib/Yj/Staff.pm t/lib/Yj/Terminal.pm
