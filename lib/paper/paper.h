/* paper.h: documents to be printed, signed, stamped and photographed: PDF by pangocairo.
 *
 * The application form has the labels and the order of the forms in form_all;
 * the user agreement is the project's text with boxes for signature and seal.
 * A4, page numbers, and on every page a QR code that names it (code.h). Fonts
 * are embedded as subsets. A PDF is made in memory; nothing is written.
 *
 * A program that links this also links $(PAPER_LIBS); a form page must not, it needs
 * code.h alone. Database: SELECT on project, agreement_text and package; for a
 * filled paper what form_load() and form_value_text() read. */
#ifndef PAPER_PAPER_H
#define PAPER_PAPER_H

#include "form/form.h"
#include "paper/code.h"

/* Appends the empty form of a project to `pdf`, with the agreement in force;
 * false when there is no such project or no agreement in force. */
bool paper_blank(struct db *, int64_t project, enum paper_document, struct buffer *pdf);
/* The same, filled in with what the application has so far, and with the
 * agreement that it accepted. Holds personal data in full: for the applicant
 * alone. */
bool paper_filled(const struct form_owner *, enum paper_document, struct buffer *pdf);
/* 数字证书业务申请表.pdf; static. */
const char *paper_file_name(enum paper_document);

/* The poster that brings applicants in: `address` is what its QR code says. */
struct paper_poster {
	const char *project_name, *help_phone, *address;
};
void paper_poster(const struct paper_poster *, struct buffer *pdf);

#endif
