/* heading.c: what a form is called, for pages that show another. */
#include "forms/headings.h"

static const struct form_heading headings[] = { FORM_HEADINGS };

const struct form_heading *form_heading(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
		if (!strcmp(headings[i].name, name))
			return &headings[i];
	return NULL;
}
