## Fragment of Makefile.am: tests of what outside services call.
EXTRA_DIST += t/push/wechat.t t/lib/Yj/Wechat.pm
EXTRA_DIST += t/push/wechatpay.t t/lib/Yj/Wechatpay.pm
