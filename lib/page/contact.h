/* contact.h: the mail address of the applicant who is logged in.
 *
 * The last one given counts (applicant/applicant.h). Messages that
 * WeChat cannot deliver go there, and forms that ask for an address offer it. */
#ifndef PAGE_CONTACT_H
#define PAGE_CONTACT_H

#include "check/check.h"
#include "page/page.h"

/* Appends it to out; nothing when none was given. */
void contact_email(struct page *, struct buffer *out);
/* What a page says about an address that check_email() refuses, or NULL. */
const char *contact_fault(enum check_result);

#endif
