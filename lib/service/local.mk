## Fragment of Makefile.am: room lib/service.
lib_libyj_a_SOURCES += \
	lib/service/faceid.c lib/service/faceid.h lib/service/faceid-answer.c \
	lib/service/invoice.c lib/service/invoice.h lib/service/invoice-file.c \
	lib/service/invoice-tax.c lib/service/invoice-tax.h \
	lib/service/nuonuo.c lib/service/nuonuo.h lib/service/nuonuo-answer.c \
	lib/service/nuonuo-call.c lib/service/nuonuo-request.c \
	lib/service/token.c lib/service/token.h \
	lib/service/tc3.c lib/service/tc3.h \
	lib/service/http.c lib/service/http.h \
	lib/service/mail.c lib/service/mail.h lib/service/mail-header.c lib/service/smtp.c \
	lib/service/smtp-reply.c lib/service/smtp-reply.h \
	lib/service/no-answer.c lib/service/result.c lib/service/result.h \
	lib/service/wechat-account.c lib/service/wechat-account.h \
	lib/service/wechat-call.c lib/service/wechat-call.h \
	lib/service/wechat-notify.c lib/service/wechat-token.c \
	lib/service/wechat-consent.c lib/service/wechat-consent.h \
	lib/service/wechat-jssdk.c lib/service/wechat-jssdk.h \
	lib/service/wechat-inbox.c lib/service/wechat-inbox.h \
	lib/service/wechat-crypto.c lib/service/wechat-crypto.h \
	lib/service/wechat-message.c lib/service/wechat-message.h \
	lib/service/wechat-template.c lib/service/wechat-template.h \
	lib/service/wechat-templates.c \
	lib/service/wechat.c lib/service/wechat.h \
	lib/service/wechatpay.c lib/service/wechatpay.h lib/service/wechatpay-fetch.c \
	lib/service/wechatpay-bill.c lib/service/wechatpay-bill.h \
	lib/service/wechatpay-call.c lib/service/wechatpay-call.h \
	lib/service/wechatpay-crypto.c lib/service/wechatpay-crypto.h \
	lib/service/wechatpay-keys.c lib/service/wechatpay-keys.h \
	lib/service/wechatpay-notification.c lib/service/wechatpay-notification.h \
	lib/service/wechatpay-sign.c
SERVICE_LIBS = $(CURL_LIBS) $(JSON_LIBS)
