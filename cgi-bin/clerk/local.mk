## Fragment of Makefile.am: cgi-bin/clerk.
clerk_PROGRAMS += cgi-bin/clerk/login cgi-bin/clerk/logout cgi-bin/clerk/queue \
	cgi-bin/clerk/case cgi-bin/clerk/approve cgi-bin/clerk/refuse cgi-bin/clerk/reveal \
	cgi-bin/clerk/return cgi-bin/clerk/image
case_move = cgi-bin/clerk/case-move.c cgi-bin/clerk/case-move.h \
	cgi-bin/clerk/case-history.c cgi-bin/clerk/case-history.h
case_identity = cgi-bin/clerk/case-identity.c cgi-bin/clerk/case-identity.h
case_view = cgi-bin/clerk/case-view.c cgi-bin/clerk/case-view.h $(case_move) $(case_identity)
cgi_bin_clerk_login_SOURCES = cgi-bin/clerk/login.c
cgi_bin_clerk_logout_SOURCES = cgi-bin/clerk/logout.c
cgi_bin_clerk_queue_SOURCES = cgi-bin/clerk/queue.c
cgi_bin_clerk_case_SOURCES = cgi-bin/clerk/case.c $(case_view)
cgi_bin_clerk_approve_SOURCES = cgi-bin/clerk/approve.c $(case_view)
cgi_bin_clerk_refuse_SOURCES = cgi-bin/clerk/refuse.c $(case_view)
cgi_bin_clerk_reveal_SOURCES = cgi-bin/clerk/reveal.c $(case_view)
cgi_bin_clerk_return_SOURCES = cgi-bin/clerk/return.c $(case_view)
cgi_bin_clerk_image_SOURCES = cgi-bin/clerk/image.c
clerk_PROGRAMS += cgi-bin/clerk/identity cgi-bin/clerk/face cgi-bin/clerk/in-person \
	cgi-bin/clerk/reject
cgi_bin_clerk_identity_SOURCES = cgi-bin/clerk/identity.c cgi-bin/clerk/identity-view.c \
	cgi-bin/clerk/identity-view.h $(case_move) $(case_identity)
cgi_bin_clerk_face_SOURCES = cgi-bin/clerk/face.c $(case_identity)
cgi_bin_clerk_in_person_SOURCES = cgi-bin/clerk/in-person.c $(case_move) $(case_identity)
cgi_bin_clerk_reject_SOURCES = cgi-bin/clerk/reject.c $(case_view)

## The accountant's.
clerk_PROGRAMS += cgi-bin/clerk/refunds cgi-bin/clerk/refund-decide cgi-bin/clerk/refund-request \
	cgi-bin/clerk/invoices cgi-bin/clerk/invoice-enter cgi-bin/clerk/invoice-pdf \
	cgi-bin/clerk/differences cgi-bin/clerk/difference-clear
finance = cgi-bin/clerk/finance.c cgi-bin/clerk/finance.h
cgi_bin_clerk_refunds_SOURCES = cgi-bin/clerk/refunds.c $(finance)
cgi_bin_clerk_refund_decide_SOURCES = cgi-bin/clerk/refund-decide.c $(finance)
cgi_bin_clerk_refund_request_SOURCES = cgi-bin/clerk/refund-request.c $(finance)
cgi_bin_clerk_invoices_SOURCES = cgi-bin/clerk/invoices.c $(finance)
cgi_bin_clerk_invoice_enter_SOURCES = cgi-bin/clerk/invoice-enter.c $(finance)
cgi_bin_clerk_invoice_pdf_SOURCES = cgi-bin/clerk/invoice-pdf.c $(finance)
cgi_bin_clerk_differences_SOURCES = cgi-bin/clerk/differences.c $(finance)
cgi_bin_clerk_difference_clear_SOURCES = cgi-bin/clerk/difference-clear.c $(finance)
