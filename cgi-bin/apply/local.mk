## Fragment of Makefile.am: cgi-bin/apply.
apply_PROGRAMS += cgi-bin/apply/start cgi-bin/apply/login cgi-bin/apply/logout \
	cgi-bin/apply/agreement cgi-bin/apply/confirm cgi-bin/apply/mine \
	cgi-bin/apply/status cgi-bin/apply/cancel cgi-bin/apply/resubmit cgi-bin/apply/receipt
apply_PROGRAMS += cgi-bin/apply/forms-mail
cgi_bin_apply_forms_mail_SOURCES = cgi-bin/apply/forms-mail.c \
	cgi-bin/apply/forms-section.c cgi-bin/apply/forms-section.h
cgi_bin_apply_start_SOURCES = cgi-bin/apply/start.c \
	cgi-bin/apply/forms-section.c cgi-bin/apply/forms-section.h \
	cgi-bin/apply/qr-code.c cgi-bin/apply/qr-code.h
cgi_bin_apply_start_LDADD = $(LDADD) $(QR_LIBS)
cgi_bin_apply_start_LDFLAGS = $(LINK_SHARED)
cgi_bin_apply_login_SOURCES = cgi-bin/apply/login.c
cgi_bin_apply_login_LDADD = $(LDADD) $(SERVICE_LIBS)
cgi_bin_apply_login_LDFLAGS = $(LINK_SHARED)
cgi_bin_apply_logout_SOURCES = cgi-bin/apply/logout.c
cgi_bin_apply_agreement_SOURCES = cgi-bin/apply/agreement.c
cgi_bin_apply_confirm_SOURCES = cgi-bin/apply/confirm.c
cgi_bin_apply_mine_SOURCES = cgi-bin/apply/mine.c
cgi_bin_apply_status_SOURCES = cgi-bin/apply/status.c \
	cgi-bin/apply/subscribe-card.c cgi-bin/apply/subscribe-card.h \
	cgi-bin/apply/status-refund.c cgi-bin/apply/status-refund.h
cgi_bin_apply_cancel_SOURCES = cgi-bin/apply/cancel.c
cgi_bin_apply_resubmit_SOURCES = cgi-bin/apply/resubmit.c
cgi_bin_apply_receipt_SOURCES = cgi-bin/apply/receipt.c

## One program a form.
apply_PROGRAMS += cgi-bin/apply/company cgi-bin/apply/legal-rep \
	cgi-bin/apply/agent cgi-bin/apply/order
cgi_bin_apply_company_SOURCES = cgi-bin/apply/company.c
cgi_bin_apply_legal_rep_SOURCES = cgi-bin/apply/legal-rep.c
cgi_bin_apply_agent_SOURCES = cgi-bin/apply/agent.c
cgi_bin_apply_order_SOURCES = cgi-bin/apply/order.c

## Scans: taken and removed for our script, and shown.
apply_PROGRAMS += cgi-bin/apply/scan cgi-bin/apply/image
cgi_bin_apply_scan_SOURCES = cgi-bin/apply/scan.c
cgi_bin_apply_image_SOURCES = cgi-bin/apply/image.c

## Forms to print.
apply_PROGRAMS += cgi-bin/apply/print
cgi_bin_apply_print_SOURCES = cgi-bin/apply/print.c
cgi_bin_apply_print_LDADD = $(LDADD) $(PRINT_LIBS)
cgi_bin_apply_print_LDFLAGS = $(LINK_SHARED)

## The identity check; only its start talks to a service.
apply_PROGRAMS += cgi-bin/apply/identity cgi-bin/apply/identity-start \
	cgi-bin/apply/identity-return cgi-bin/apply/face-consent \
	cgi-bin/apply/record cgi-bin/apply/record-step cgi-bin/apply/record-upload
cgi_bin_apply_identity_SOURCES = cgi-bin/apply/identity.c \
	cgi-bin/apply/identity-view.c cgi-bin/apply/identity-view.h
cgi_bin_apply_identity_start_SOURCES = cgi-bin/apply/identity-start.c \
	cgi-bin/apply/identity-view.c cgi-bin/apply/identity-view.h
cgi_bin_apply_identity_start_LDADD = $(LDADD) $(SERVICE_LIBS)
cgi_bin_apply_identity_start_LDFLAGS = $(LINK_SHARED)
cgi_bin_apply_identity_return_SOURCES = cgi-bin/apply/identity-return.c
cgi_bin_apply_face_consent_SOURCES = cgi-bin/apply/face-consent.c
cgi_bin_apply_record_SOURCES = cgi-bin/apply/record.c \
	cgi-bin/apply/record-view.c cgi-bin/apply/record-view.h
cgi_bin_apply_record_step_SOURCES = cgi-bin/apply/record-step.c \
	cgi-bin/apply/record-view.c cgi-bin/apply/record-view.h
cgi_bin_apply_record_upload_SOURCES = cgi-bin/apply/record-upload.c

## Paying: the bill, and the order at WeChat Pay.
apply_PROGRAMS += cgi-bin/apply/payment
cgi_bin_apply_payment_SOURCES = cgi-bin/apply/payment.c cgi-bin/apply/payment.h \
	cgi-bin/apply/payment-order.c cgi-bin/apply/payment-ticket.c cgi-bin/apply/payment-view.c \
	cgi-bin/apply/qr-code.c cgi-bin/apply/qr-code.h
cgi_bin_apply_payment_LDADD = $(LDADD) $(SERVICE_LIBS) $(QR_LIBS)
cgi_bin_apply_payment_LDFLAGS = $(LINK_SHARED)
