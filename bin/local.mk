## Fragment of Makefile.am: bin/, what an administrator types.
bin_PROGRAMS += bin/yuanjian-config bin/yuanjian-staff
bin_yuanjian_config_SOURCES = bin/yuanjian-config.c
bin_yuanjian_staff_SOURCES = bin/yuanjian-staff.c bin/prompt.c bin/prompt.h
bin_PROGRAMS += bin/yuanjian-project
bin_yuanjian_project_SOURCES = bin/yuanjian-project.c
bin_PROGRAMS += bin/yuanjian-wechat
bin_yuanjian_wechat_SOURCES = bin/yuanjian-wechat.c
bin_yuanjian_wechat_LDADD = $(LDADD) $(SERVICE_LIBS)
bin_yuanjian_wechat_LDFLAGS = $(LINK_SHARED)
bin_PROGRAMS += bin/yuanjian-wechatpay
bin_yuanjian_wechatpay_SOURCES = bin/yuanjian-wechatpay.c
bin_yuanjian_wechatpay_LDADD = $(LDADD) $(SERVICE_LIBS)
bin_yuanjian_wechatpay_LDFLAGS = $(LINK_SHARED)

## An example of the file that they read.
docdir = $(datadir)/doc/yuanjian
dist_doc_DATA = etc/yuanjian.conf.example
