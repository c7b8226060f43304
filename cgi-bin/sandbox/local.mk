## Fragment of Makefile.am: stand-ins for the outside services; never installed.
noinst_PROGRAMS += cgi-bin/sandbox/wechat cgi-bin/sandbox/wechat-user
cgi_bin_sandbox_wechat_SOURCES = cgi-bin/sandbox/wechat.c \
	cgi-bin/sandbox/wechat.h cgi-bin/sandbox/wechat-page.c \
	cgi-bin/sandbox/wechat-code.c cgi-bin/sandbox/wechat-code.h \
	cgi-bin/sandbox/wechat-account.c cgi-bin/sandbox/wechat-send.c \
	cgi-bin/sandbox/wechat-trouble.c cgi-bin/sandbox/wechat-js.c
cgi_bin_sandbox_wechat_LDADD = $(LDADD) $(JSON_LIBS) $(QR_LIBS)
cgi_bin_sandbox_wechat_LDFLAGS = $(LINK_SHARED)
cgi_bin_sandbox_wechat_user_SOURCES = cgi-bin/sandbox/wechat-user.c \
	cgi-bin/sandbox/wechat-code.c cgi-bin/sandbox/wechat-code.h
cgi_bin_sandbox_wechat_user_LDADD = $(LDADD) $(SERVICE_LIBS)
cgi_bin_sandbox_wechat_user_LDFLAGS = $(LINK_SHARED)
## Served by the demo's httpd alone.
EXTRA_DIST += cgi-bin/sandbox/js/jweixin.js
