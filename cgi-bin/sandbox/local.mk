## Fragment of Makefile.am: stand-ins for the outside services; never installed.
noinst_PROGRAMS += cgi-bin/sandbox/wechat
cgi_bin_sandbox_wechat_SOURCES = cgi-bin/sandbox/wechat.c \
	cgi-bin/sandbox/wechat.h cgi-bin/sandbox/wechat-page.c \
	cgi-bin/sandbox/wechat-code.c cgi-bin/sandbox/wechat-code.h
cgi_bin_sandbox_wechat_LDADD = $(LDADD) $(JSON_LIBS)
cgi_bin_sandbox_wechat_LDFLAGS = $(LINK_SHARED)
