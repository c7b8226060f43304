## Fragment of Makefile.am: cgi-bin/admin.
admin_PROGRAMS += cgi-bin/admin/outbox cgi-bin/admin/outbox-decide
cgi_bin_admin_outbox_SOURCES = cgi-bin/admin/outbox.c
cgi_bin_admin_outbox_decide_SOURCES = cgi-bin/admin/outbox-decide.c
admin_PROGRAMS += cgi-bin/admin/poster
cgi_bin_admin_poster_SOURCES = cgi-bin/admin/poster.c
cgi_bin_admin_poster_LDADD = $(LDADD) $(PRINT_LIBS) $(SERVICE_LIBS)
cgi_bin_admin_poster_LDFLAGS = $(LINK_SHARED)
admin_PROGRAMS += cgi-bin/admin/faces
cgi_bin_admin_faces_SOURCES = cgi-bin/admin/faces.c
