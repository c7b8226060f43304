/* case-identity.h: the identity check of a case, for the pages that show it. */
#ifndef CLERK_CASE_IDENTITY_H
#define CLERK_CASE_IDENTITY_H

#include "identity/shown.h"
#include "page/page.h"

/* A clerk who asked for the faces of an attempt may see them so long; each
 * asking is an event. */
#define CASE_FACE_OPEN_MIN 30

/* The person who is checked, as the project says. */
struct case_subject {
	struct form_owner owner;
	struct form_values *values; /* of form agent or legal-rep */
};
void case_subject_load(struct page *, struct case_subject *);
void case_subject_release(struct case_subject *);
/* A field of theirs ("name", "id_number") in words. Appends. */
void case_subject_text(const struct case_subject *, const char *field, enum form_masking,
		       struct buffer *out);
/* The side of the ID card with the picture, as a figure. */
void case_subject_card(struct page *, const struct case_subject *);

/* Whether this clerk asked for its faces a short while ago. */
bool case_face_is_open(struct page *, const struct identity_attempt *);
/* The section of the case page: the attempts, and where to go on. */
void case_write_identity(struct page *);
/* Why the identity check that was passed allows no approval, for the clerk; NULL
 * when it does. */
const char *case_identity_fault(struct page *);
/* 录制视频, 待人工核对 … */
const char *case_attempt_state(enum identity_state);

#endif
