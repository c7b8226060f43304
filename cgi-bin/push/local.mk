## Fragment of Makefile.am: cgi-bin/push, what outside services call.
push_PROGRAMS += cgi-bin/push/wechat cgi-bin/push/wechatpay
cgi_bin_push_wechat_SOURCES = cgi-bin/push/wechat.c \
	cgi-bin/push/wechat-answer.c cgi-bin/push/wechat-answer.h
cgi_bin_push_wechatpay_SOURCES = cgi-bin/push/wechatpay.c
cgi_bin_push_wechatpay_LDADD = $(LDADD) $(JSON_ARCHIVE)
