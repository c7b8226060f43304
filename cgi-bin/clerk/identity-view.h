/* identity-view.h: the recording or picture of one attempt beside the ID card. */
#ifndef CLERK_IDENTITY_VIEW_H
#define CLERK_IDENTITY_VIEW_H

#include "case-identity.h"

/* Card and face, the steps with their pictures, the recording, and, folded, what the
 * service said. */
void identity_write_faces(struct page *, const struct identity_attempt *);
/* Why it is for a clerk to decide, when that is more than that a person has to look. */
void identity_write_doubt(struct page *, const struct identity_attempt *);

#endif
