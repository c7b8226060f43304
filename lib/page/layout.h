/* layout.h: the frame of every page, in WeUI's clothes.
 *
 * No inline script or style: the CSP allows neither. Hooks for scripts are
 * data- attributes; classes of our own begin with yj-. */
#ifndef PAGE_LAYOUT_H
#define PAGE_LAYOUT_H

#include "page/page.h"

/* Opens the document: head, skip link, heading, progress 1-2-3 when `step` is
 * not 0, the notice named in the query (?notice=saved). Gives p->markup. The
 * applicant's pages are titled "TITLE · 远程证书业务", with "错误：" in front
 * when the page's form has errors. */
struct markup *layout_begin(struct page *, const char *title, int step);
/* Footer with help and the request number; puts the page into the reply. */
void layout_end(struct page *);
/* <form method="post"> to this page's own address, with token and key. `files`
 * makes it multipart. Closed with markup_close(m, "form"). */
void layout_form(struct page *, bool files);
/* As layout_form, to another program of ours ("clerk/approve"). */
void layout_form_to(struct page *, const char *name, bool files);
/* The bottom row: 上一步 as a link (NULL: none) and the main button. */
void layout_buttons(struct page *, const char *back_path, const char *main_label);
/* The tabs of wizard step 1 with ticks for complete forms. */
void layout_tabs(struct page *, const char *current_form);
/* Address of a page of ours with this page's application, into out. */
void layout_path(struct page *, const char *name, struct buffer *out);

#endif
