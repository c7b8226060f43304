/* identity-view.h: the page on which a method of the identity check is chosen.
 *
 * apply/identity shows it; apply/identity-start takes its form, and shows it
 * again when a choice or a consent is missing. */
#ifndef APPLY_IDENTITY_VIEW_H
#define APPLY_IDENTITY_VIEW_H

#include "identity/identity.h"
#include "page/page.h"

struct identity_choice {
	enum identity_method method; /* IDENTITY_METHOD_COUNT: none chosen */
	const char *method_error, *consent_error; /* or NULL */
};

/* The whole page. */
void identity_view(struct page *, const struct identity_choice *);
/* Where to go, when and with what. */
void identity_view_in_person(struct page *, const struct identity_plan *);

#endif
