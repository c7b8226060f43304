## Fragment of Makefile.am: room lib/pay.
lib_libyj_a_SOURCES += lib/pay/pay.h lib/pay/request.h \
	lib/pay/order.c lib/pay/book.c lib/pay/refund.c lib/pay/due.c
lib_libyj_a_SOURCES += lib/pay/desk.h lib/pay/desk.c \
	lib/pay/price.h lib/pay/price.c lib/pay/notification.h lib/pay/notification.c
