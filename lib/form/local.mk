## Fragment of Makefile.am: room lib/form.
lib_libyj_a_SOURCES += \
	lib/form/form.h lib/form/type.h lib/form/type.c \
	lib/form/value.c lib/form/message.c lib/form/mask.c lib/form/all.c lib/form/heading.c \
	lib/form/load.c lib/form/read.c lib/form/save.c lib/form/sql.c \
	lib/form/render.c lib/form/draw.c lib/form/view.c \
	lib/form/choice.c lib/form/region-field.c lib/form/package.c lib/form/identity-method.c \
	lib/form/address.c lib/form/address-book.c lib/form/scan-field.c
