/* forms.h: the forms that form-to-c.xsl makes from forms/NAME.xml. */
#ifndef FORMS_FORMS_H
#define FORMS_FORMS_H

#include "form/form.h"

extern const struct form form_company;
extern const struct form form_legal_rep;
extern const struct form form_agent;
extern const struct form form_order;

#endif
