/* forms-section.h: the e-mail field that sends the blank forms, as it stands on
 * apply/start and apply/forms-mail. */
#ifndef APPLY_FORMS_SECTION_H
#define APPLY_FORMS_SECTION_H

#include "page/entry.h"

/* `typed` NULL: offers the address that is remembered. `error`: the error
 * of the typed address, or NULL. */
void forms_section(struct page *, const struct project *, const char *typed, const char *error);

#endif
