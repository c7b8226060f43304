/* document.h: what the documents share; for lib/print alone. */
#ifndef PRINT_DOCUMENT_H
#define PRINT_DOCUMENT_H

#include "flow/flow.h"
#include "form/form.h"
#include "print/edition.h"
#include "print/sheet.h"

/* What a document is made from. */
struct print {
	const struct form_owner *owner; /* application 0: blank */
	struct print_edition edition;
	enum print_document document;
	struct form_values *values[FLOW_FORMS_MAX + 1]; /* in the flow's order; NULL-ended */
};

/* The values of one form, NULL when this kind of application has it not. */
const struct form_values *print_values(const struct print *, const char *form);
/* Title, project, edition and the code; with a rule below. */
void print_head(struct sheet *);
/* Boxes for two signatures, a date and the seal, never torn apart. */
void print_signatures(struct sheet *);
double print_signatures_height(void);

void print_application_form(struct sheet *, const void *print);
void print_user_agreement(struct sheet *, const void *print);

#endif
