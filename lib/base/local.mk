lib_libyj_a_SOURCES += \
	lib/base/alloc.c lib/base/alloc.h \
	lib/base/banned.h lib/base/base.h lib/base/base64.c lib/base/base64.h lib/base/ceilings.h \
	lib/base/buffer.c lib/base/buffer.h \
	lib/base/config.c lib/base/config-keys.c lib/base/config.h \
	lib/base/digest.c lib/base/digest.h \
	lib/base/url.c lib/base/url.h \
	lib/base/unicode.c lib/base/unicode.h lib/base/utf8.c lib/base/utf8.h \
	lib/base/die.c lib/base/die.h \
	lib/base/log.c lib/base/log.h \
	lib/base/markup.c lib/base/markup.h \
	lib/base/money.c lib/base/money.h \
	lib/base/worktime.c lib/base/worktime.h
