/* case-history.h: what happened to an application so far, in words. */
#ifndef CLERK_CASE_HISTORY_H
#define CLERK_CASE_HISTORY_H

#include "page/page.h"

/* The label of a form's field, with the page of a scan field when not 0. */
void case_field_text(const char *form, const char *field, int page, struct buffer *out);

/* Sections of the case page. */
void case_write_agreement(struct page *);
void case_write_reasons(struct page *);
void case_write_history(struct page *);

#endif
