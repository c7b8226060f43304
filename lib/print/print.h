/* print.h: documents to be printed, signed, stamped and photographed: PDF by pangocairo.
 *
 * The application form has the labels and the order of the forms in form_all;
 * the user agreement is the project's text with boxes for signature and seal.
 * A4, page numbers, and on every page a QR code that names it (code.h). Fonts
 * are embedded as subsets. A PDF is made in memory; nothing is written.
 *
 * A program that links this also links $(PRINT_LIBS); a form page must not, it needs
 * code.h alone. Database: SELECT on project, agreement_text and package; for a
 * filled print what form_load() and form_value_text() read. */
#ifndef PRINT_PRINT_H
#define PRINT_PRINT_H

#include "form/form.h"
#include "print/code.h"

/* Appends the empty form of a project to `pdf`, with the agreement in force;
 * false when there is no such project or no agreement in force. */
bool print_blank(struct db *, int64_t project, enum print_document, struct buffer *pdf);
/* The same, filled in with what the application has so far, and with the
 * agreement that it accepted. Holds personal data in full: for the applicant
 * alone. */
bool print_filled(const struct form_owner *, enum print_document, struct buffer *pdf);
/* 数字证书业务申请表.pdf; static. */
const char *print_file_name(enum print_document);

/* The poster that brings applicants in: `address` is what its QR code says. */
struct print_poster {
	const char *project_name, *help_phone, *address;
};
void print_poster(const struct print_poster *, struct buffer *pdf);

#endif
