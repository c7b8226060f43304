/* all.c: the forms of an application, for programs that work on any of them. */
#include "forms/forms.h"

const struct form *const form_all[] = {
	&form_company, &form_legal_rep, &form_agent, &form_order, NULL,
};

const struct form *form_by_name(const char *name)
{
	for (size_t i = 0; form_all[i]; i++)
		if (strcmp(form_all[i]->name, name) == 0)
			return form_all[i];
	return NULL;
}
