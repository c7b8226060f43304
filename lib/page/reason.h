/* reason.h: the coded reasons of decisions about a whole case: an identity check
 * refused or to be repeated, an application rejected.
 *
 * They are rows of reason_text with a type of their own; the event's detail
 * holds the code, so history holds no free text. To add one: a row in a
 * migration; to withdraw one: is_offered = 0. */
#ifndef PAGE_REASON_H
#define PAGE_REASON_H

#include "page/page.h"

#define REASON_IDENTITY_REFUSE "identity_refuse"
#define REASON_IDENTITY_REPEAT "identity_repeat"
#define REASON_REJECT "reject"

/* The words of the last such decision that still matters to the applicant: of
 * the identity check while in awaiting_identity, unless a later try failed
 * without a clerk; of the rejection once the application has ended or its money
 * goes back. Appends to out; false: none. */
bool reason_of_case(struct page *, struct buffer *out);
/* Whether a clerk may give this reason now; NULL is none. */
bool reason_is_offered(struct page *, const char *type, const char *code);
/* A select named and called `name` with the reasons of that type, `chosen` or
 * nothing chosen. */
void reason_write_select(struct page *, const char *type, const char *name, const char *label,
			 const char *chosen);
/* The words of a code; false when there is no such row. */
bool reason_words(struct page *, const char *code, struct buffer *out);

#endif
