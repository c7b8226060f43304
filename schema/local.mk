## Fragment of Makefile.am: schema/.
##
## A migration is a file migrations/NNNN-what.sql and a line below; once it is
## released it never changes. Programs of the release before run while it is
## applied, so it takes nothing that they use: a column, a table or a name goes one
## release later, by a migration NNNN-drop-what.sql that does nothing else, and a
## right or a procedure's parameter is kept as long. t/schema/migrate.t looks.
bin_PROGRAMS += bin/yuanjian-migrate
bin_yuanjian_migrate_SOURCES = schema/migrate.c schema/migrate.h schema/applied.c \
	schema/compare.c schema/forms.c schema/grants.c schema/rights.c schema/rights.h schema/rows.c \
	schema/script.c schema/script.h
schemadir = $(datadir)/yuanjian/schema
dist_schema_DATA = schema/flow.sql schema/grants.sql schema/regions.tsv
routinesdir = $(schemadir)/routines
dist_routines_DATA = schema/routines/act.sql schema/routines/billing.sql schema/routines/flow.sql \
	schema/routines/form.sql schema/routines/identity.sql schema/routines/outbox.sql \
	schema/routines/payment.sql schema/routines/review.sql schema/routines/session.sql schema/routines/staff.sql \
	schema/routines/wechat.sql
migrationsdir = $(schemadir)/migrations
dist_migrations_DATA = schema/migrations/0001-house.sql
dist_migrations_DATA += schema/migrations/0002-outbox.sql \
	schema/migrations/0003-mail.sql \
	schema/migrations/0004-paper.sql schema/migrations/0005-wechat.sql \
	schema/migrations/0006-money.sql schema/migrations/0007-identity.sql \
	schema/migrations/0008-invoice-token.sql schema/migrations/0009-wechat-consent.sql \
	schema/migrations/0010-desk.sql schema/migrations/0011-books.sql \
	schema/migrations/0012-identity.sql schema/migrations/0013-notices.sql \
	schema/migrations/0014-reasons.sql schema/migrations/0015-fault-search.sql schema/migrations/0016-upload-try.sql \
	schema/migrations/0017-flow.sql schema/migrations/0018-application-form.sql \
	schema/migrations/0019-act.sql schema/migrations/0020-staff-session.sql

## A project is made by yuanjian-project from an XML file; its grammar, and the
## project of the demo as an example.
projectsdir = $(schemadir)/projects
dist_projects_DATA = schema/projects/project.rng schema/projects/gzgjj.xml

## Regions: schema/regions.tsv is kept in the tree; yuanjian-migrate
## fills the table from it, the picker reads the JSON files.
dist_noinst_SCRIPTS = schema/regions
CLEANFILES += htdocs/regions/stamp $(nodist_static_regions_DATA)

static_regionsdir = $(staticdir)/regions
nodist_static_regions_DATA = \
	htdocs/regions/index.json htdocs/regions/search.json \
	htdocs/regions/11.json htdocs/regions/12.json htdocs/regions/13.json \
	htdocs/regions/14.json htdocs/regions/15.json htdocs/regions/21.json \
	htdocs/regions/22.json htdocs/regions/23.json htdocs/regions/31.json \
	htdocs/regions/32.json htdocs/regions/33.json htdocs/regions/34.json \
	htdocs/regions/35.json htdocs/regions/36.json htdocs/regions/37.json \
	htdocs/regions/41.json htdocs/regions/42.json htdocs/regions/43.json \
	htdocs/regions/44.json htdocs/regions/45.json htdocs/regions/46.json \
	htdocs/regions/50.json htdocs/regions/51.json htdocs/regions/52.json \
	htdocs/regions/53.json htdocs/regions/54.json htdocs/regions/61.json \
	htdocs/regions/62.json htdocs/regions/63.json htdocs/regions/64.json \
	htdocs/regions/65.json

htdocs/regions/stamp: schema/regions schema/regions.tsv
	$(AM_V_GEN)$(MKDIR_P) htdocs/regions && \
	$(srcdir)/schema/regions json htdocs/regions && touch $@

$(nodist_static_regions_DATA): htdocs/regions/stamp
	@test -f $@ || { rm -f htdocs/regions/stamp; $(MAKE) htdocs/regions/stamp; }
