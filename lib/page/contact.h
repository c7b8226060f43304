/* contact.h: the mail address of the applicant who is logged in.
 *
 * Sealed in applicant.email; the last one given counts. Messages that
 * WeChat cannot deliver go there, and forms that ask for an address offer it. */
#ifndef PAGE_CONTACT_H
#define PAGE_CONTACT_H

#include "check/check.h"
#include "page/page.h"

/* Appends it to out; nothing when none was given. */
void contact_email(struct page *, struct buffer *out);
/* Seals a checked address; to be called in a transaction of the caller's. */
void contact_remember(struct page *, const char *email);
/* What a page says about an address that check_email() refuses, or NULL. */
const char *contact_fault(enum check_result);

#endif
