## Fragment of Makefile.am: fuzz targets, t/fuzz/NAME.c with LLVMFuzzerTestOneInput.
##
## To add one: fuzz_targets += t/fuzz/NAME and t_fuzz_NAME_SOURCES, with
## t_fuzz_NAME_LDFLAGS = $(LINK_FUZZ); seeds in t/fuzz/corpus/NAME/.
LINK_FUZZ = $(LINK_SHARED) $(FUZZ_LDFLAGS)

fuzz_targets += t/fuzz/multipart t/fuzz/urlencoded t/fuzz/cookie
t_fuzz_multipart_SOURCES = t/fuzz/multipart.c
t_fuzz_multipart_LDFLAGS = $(LINK_FUZZ)
t_fuzz_urlencoded_SOURCES = t/fuzz/urlencoded.c
t_fuzz_urlencoded_LDFLAGS = $(LINK_FUZZ)
t_fuzz_cookie_SOURCES = t/fuzz/cookie.c
t_fuzz_cookie_LDFLAGS = $(LINK_FUZZ)
EXTRA_DIST += t/fuzz/corpus/multipart t/fuzz/corpus/urlencoded t/fuzz/corpus/cookie

fuzz_targets += t/fuzz/image-header
t_fuzz_image_header_SOURCES = t/fuzz/image-header.c lib/scan/normalise/feed.c
t_fuzz_image_header_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)
t_fuzz_image_header_LDFLAGS = $(LINK_FUZZ)
EXTRA_DIST += t/fuzz/corpus/image-header

fuzz_targets += t/fuzz/push-xml t/fuzz/envelope
t_fuzz_push_xml_SOURCES = t/fuzz/push-xml.c
t_fuzz_push_xml_LDFLAGS = $(LINK_FUZZ)
t_fuzz_envelope_SOURCES = t/fuzz/envelope.c
t_fuzz_envelope_LDFLAGS = $(LINK_FUZZ)
EXTRA_DIST += t/fuzz/corpus/push-xml t/fuzz/corpus/envelope

fuzz_targets += t/fuzz/print-code
t_fuzz_print_code_SOURCES = t/fuzz/print-code.c
t_fuzz_print_code_LDFLAGS = $(LINK_FUZZ)
EXTRA_DIST += t/fuzz/corpus/print-code

fuzz_targets += t/fuzz/mail-header
t_fuzz_mail_header_SOURCES = t/fuzz/mail-header.c
t_fuzz_mail_header_LDFLAGS = $(LINK_FUZZ)
EXTRA_DIST += t/fuzz/corpus/mail-header

fuzz_targets += t/fuzz/faceid-answer
t_fuzz_faceid_answer_SOURCES = t/fuzz/faceid-answer.c
t_fuzz_faceid_answer_LDADD = $(LDADD) $(JSON_LIBS)
t_fuzz_faceid_answer_LDFLAGS = $(LINK_FUZZ)
EXTRA_DIST += t/fuzz/corpus/faceid-answer
fuzz_targets += t/fuzz/pay-notification t/fuzz/bill
t_fuzz_pay_notification_SOURCES = t/fuzz/pay-notification.c
t_fuzz_pay_notification_LDADD = $(LDADD) $(JSON_LIBS)
t_fuzz_pay_notification_LDFLAGS = $(LINK_FUZZ)
t_fuzz_bill_SOURCES = t/fuzz/bill.c
t_fuzz_bill_LDFLAGS = $(LINK_FUZZ)
EXTRA_DIST += t/fuzz/corpus/pay-notification t/fuzz/corpus/bill
fuzz_targets += t/fuzz/video-header
t_fuzz_video_header_SOURCES = t/fuzz/video-header.c
t_fuzz_video_header_LDFLAGS = $(LINK_FUZZ)
EXTRA_DIST += t/fuzz/corpus/video-header
