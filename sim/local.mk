## Fragment of Makefile.am: stand-ins for the outside services; never installed.
noinst_PROGRAMS += sim/wechat sim/wechat-user
sim_wechat_SOURCES = sim/wechat.c \
	sim/wechat.h sim/wechat-page.c \
	sim/frame.c sim/frame.h \
	sim/wechat-code.c sim/wechat-code.h \
	sim/wechat-account.c sim/wechat-send.c \
	sim/wechat-faults.c sim/wechat-js.c
sim_wechat_LDADD = $(LDADD) $(JSON_LIBS) $(QR_LIBS)
sim_wechat_LDFLAGS = $(LINK_SHARED)
sim_wechat_user_SOURCES = sim/wechat-user.c \
	sim/frame.c sim/frame.h \
	sim/wechat-code.c sim/wechat-code.h
sim_wechat_user_LDADD = $(LDADD) $(SERVICE_LIBS)
sim_wechat_user_LDFLAGS = $(LINK_SHARED)

noinst_PROGRAMS += sim/faceid
sim_faceid_SOURCES = sim/faceid.c sim/faceid.h \
	sim/faceid-check.c sim/faceid-frame.h \
	sim/faceid-page.c sim/faceid-sign.c \
	sim/frame.c sim/frame.h \
	sim/core.c sim/core.h \
	sim/wechat-code.c sim/wechat-code.h
sim_faceid_LDADD = $(LDADD) $(JSON_LIBS)
sim_faceid_LDFLAGS = $(LINK_SHARED)

noinst_PROGRAMS += sim/nuonuo
sim_nuonuo_SOURCES = sim/nuonuo.c sim/nuonuo.h \
	sim/nuonuo-book.c sim/nuonuo-order.c \
	sim/nuonuo-pdf.c sim/nuonuo-sign.c \
	sim/nuonuo-token.c \
	sim/core.c sim/core.h \
	sim/wechat-code.c sim/wechat-code.h
sim_nuonuo_LDADD = $(LDADD) $(JSON_LIBS)
sim_nuonuo_LDFLAGS = $(LINK_SHARED)
## Served by the demo's httpd alone.
EXTRA_DIST += sim/js/jweixin.js

noinst_PROGRAMS += sim/wechatpay
sim_wechatpay_SOURCES = sim/wechatpay.c sim/wechatpay.h \
	sim/wechatpay-bill.c sim/wechatpay-cashier.c \
	sim/wechatpay-notification.c sim/wechatpay-order.c \
	sim/wechatpay-refund.c sim/wechatpay-sign.c \
	sim/wechatpay-store.c sim/wechatpay-faults.c \
	sim/frame.c sim/frame.h \
	sim/wechat-code.c sim/wechat-code.h
sim_wechatpay_LDADD = $(LDADD) $(SERVICE_LIBS)
sim_wechatpay_LDFLAGS = $(LINK_SHARED)
EXTRA_DIST += sim/wx-bridge.js
