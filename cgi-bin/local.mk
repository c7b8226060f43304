## Fragment of Makefile.am: the programs, one fragment a part.
##
## To add the page PART/NAME: a line in PART_PROGRAMS and one in
## cgi_bin_PART_NAME_SOURCES (hyphens become underscores). A program that needs
## more than the usual libraries says so in cgi_bin_PART_NAME_LDADD, and then links
## with cgi_bin_PART_NAME_LDFLAGS = $(LINK_SHARED), see Makefile.am.

applydir = $(libexecdir)/yuanjian/apply
clerkdir = $(libexecdir)/yuanjian/clerk
admindir = $(libexecdir)/yuanjian/admin
pushdir = $(libexecdir)/yuanjian/push
apply_PROGRAMS =
clerk_PROGRAMS =
admin_PROGRAMS =
push_PROGRAMS =

include cgi-bin/apply/local.mk
include cgi-bin/clerk/local.mk
include cgi-bin/push/local.mk
include cgi-bin/admin/local.mk
