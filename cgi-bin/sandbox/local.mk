## Fragment of Makefile.am: stand-ins for the outside services; never installed.
noinst_PROGRAMS += cgi-bin/sandbox/wechat cgi-bin/sandbox/wechat-user
cgi_bin_sandbox_wechat_SOURCES = cgi-bin/sandbox/wechat.c \
	cgi-bin/sandbox/wechat.h cgi-bin/sandbox/wechat-page.c \
	cgi-bin/sandbox/backdrop.c cgi-bin/sandbox/backdrop.h \
	cgi-bin/sandbox/wechat-code.c cgi-bin/sandbox/wechat-code.h \
	cgi-bin/sandbox/wechat-account.c cgi-bin/sandbox/wechat-send.c \
	cgi-bin/sandbox/wechat-trouble.c cgi-bin/sandbox/wechat-js.c
cgi_bin_sandbox_wechat_LDADD = $(LDADD) $(JSON_LIBS) $(QR_LIBS)
cgi_bin_sandbox_wechat_LDFLAGS = $(LINK_SHARED)
cgi_bin_sandbox_wechat_user_SOURCES = cgi-bin/sandbox/wechat-user.c \
	cgi-bin/sandbox/backdrop.c cgi-bin/sandbox/backdrop.h \
	cgi-bin/sandbox/wechat-code.c cgi-bin/sandbox/wechat-code.h
cgi_bin_sandbox_wechat_user_LDADD = $(LDADD) $(SERVICE_LIBS)
cgi_bin_sandbox_wechat_user_LDFLAGS = $(LINK_SHARED)

noinst_PROGRAMS += cgi-bin/sandbox/faceid
cgi_bin_sandbox_faceid_SOURCES = cgi-bin/sandbox/faceid.c cgi-bin/sandbox/faceid.h \
	cgi-bin/sandbox/faceid-check.c cgi-bin/sandbox/faceid-frame.h \
	cgi-bin/sandbox/faceid-page.c cgi-bin/sandbox/faceid-sign.c \
	cgi-bin/sandbox/backdrop.c cgi-bin/sandbox/backdrop.h \
	cgi-bin/sandbox/stage.c cgi-bin/sandbox/stage.h \
	cgi-bin/sandbox/wechat-code.c cgi-bin/sandbox/wechat-code.h
cgi_bin_sandbox_faceid_LDADD = $(LDADD) $(JSON_LIBS)
cgi_bin_sandbox_faceid_LDFLAGS = $(LINK_SHARED)

noinst_PROGRAMS += cgi-bin/sandbox/nuonuo
cgi_bin_sandbox_nuonuo_SOURCES = cgi-bin/sandbox/nuonuo.c cgi-bin/sandbox/nuonuo.h \
	cgi-bin/sandbox/nuonuo-book.c cgi-bin/sandbox/nuonuo-order.c \
	cgi-bin/sandbox/nuonuo-pdf.c cgi-bin/sandbox/nuonuo-sign.c \
	cgi-bin/sandbox/nuonuo-token.c \
	cgi-bin/sandbox/stage.c cgi-bin/sandbox/stage.h \
	cgi-bin/sandbox/wechat-code.c cgi-bin/sandbox/wechat-code.h
cgi_bin_sandbox_nuonuo_LDADD = $(LDADD) $(JSON_LIBS)
cgi_bin_sandbox_nuonuo_LDFLAGS = $(LINK_SHARED)
## Served by the demo's httpd alone.
EXTRA_DIST += cgi-bin/sandbox/js/jweixin.js

noinst_PROGRAMS += cgi-bin/sandbox/wechatpay
cgi_bin_sandbox_wechatpay_SOURCES = cgi-bin/sandbox/wechatpay.c cgi-bin/sandbox/wechatpay.h \
	cgi-bin/sandbox/wechatpay-bill.c cgi-bin/sandbox/wechatpay-cashier.c \
	cgi-bin/sandbox/wechatpay-notice.c cgi-bin/sandbox/wechatpay-order.c \
	cgi-bin/sandbox/wechatpay-refund.c cgi-bin/sandbox/wechatpay-sign.c \
	cgi-bin/sandbox/wechatpay-store.c cgi-bin/sandbox/wechatpay-trouble.c \
	cgi-bin/sandbox/backdrop.c cgi-bin/sandbox/backdrop.h \
	cgi-bin/sandbox/wechat-code.c cgi-bin/sandbox/wechat-code.h
cgi_bin_sandbox_wechatpay_LDADD = $(LDADD) $(SERVICE_LIBS)
cgi_bin_sandbox_wechatpay_LDFLAGS = $(LINK_SHARED)
EXTRA_DIST += cgi-bin/sandbox/wx-bridge.js
