## Fragment of Makefile.am: docs/, what is read by people. A manual page is a file
## in docs/man and a line below; t/house/man.t fails when a tool, a key of the
## config or a command has none.
dist_man_MANS = docs/man/yuanjian-config.1
dist_man_MANS += docs/man/yuanjian.conf.5 docs/man/yuanjian-form.5 \
	docs/man/yuanjian-project.5
dist_man_MANS += docs/man/yuanjian-cron.8 docs/man/yuanjian-decode.8 \
	docs/man/yuanjian-migrate.8 docs/man/yuanjian-project.8 \
	docs/man/yuanjian-staff.8 docs/man/yuanjian-wechat.8 \
	docs/man/yuanjian-wechatpay.8
EXTRA_DIST += CHANGES docs/architecture.md docs/adding.md docs/style.md docs/glossary.md
