/* all.c: the forms by name, for programs that work on any of them. */
#include "form/form.h"

const struct form *form_by_name(const char *name)
{
	for (size_t i = 0; form_all[i]; i++)
		if (strcmp(form_all[i]->name, name) == 0)
			return form_all[i];
	return NULL;
}
