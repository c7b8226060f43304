## Fragment of Makefile.am: applications made up, for the demo and for tests.
noinst_PROGRAMS += t/seed/seed
t_seed_seed_SOURCES = t/seed/seed.c t/seed/mix.c t/seed/walk.c t/seed/road.c t/seed/steps.c \
	t/seed/fill.c t/seed/identity.c t/seed/money.c t/seed/people.c t/seed/pictures.c \
	t/seed/bulk.c t/seed/schema.c t/seed/model.c t/seed/copy.c t/seed/rules.c t/seed/look.c \
	t/seed/token.c \
	t/seed/seed.h t/seed/fill.h t/seed/bulk.h
t_seed_seed_LDADD = $(LDADD) $(SERVICE_LIBS)
t_seed_seed_LDFLAGS = $(LINK_SHARED)
EXTRA_DIST += t/seed/walk.t t/seed/same.t t/lib/Yj/Seed.pm t/lib/Yj/Sound.pm \
	t/seed/pictures/application-form-full.jpg t/seed/pictures/application-form-thumb.jpg \
	t/seed/pictures/id-back-full.jpg t/seed/pictures/id-back-thumb.jpg \
	t/seed/pictures/id-front-full.jpg t/seed/pictures/id-front-thumb.jpg \
	t/seed/pictures/licence-full.jpg t/seed/pictures/licence-thumb.jpg \
	t/seed/pictures/user-agreement-full.jpg t/seed/pictures/user-agreement-thumb.jpg \
	t/seed/pictures/recording.mp4
