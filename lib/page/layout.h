/* layout.h: the frame of every page, in WeUI's clothes.
 *
 * No inline script or style: the CSP allows neither. Hooks for scripts are
 * data- attributes; classes of our own begin with yj-. Pages whose name does
 * not begin with "apply/" are the staff's: same frame, class yj-desk, wider.
 *
 * The classes that htdocs/css knows, for whoever writes markup; the desk's are
 * in desk.css, which the phone does not load:
 *     section.yj-card > h2.yj-card__title     a white block with a heading
 *     div|fieldset.yj-field                   one field; + yj-field_bad in error
 *       label|legend.yj-field__label          its name; span.yj-field__optional
 *       input|select|textarea.yj-input        what is typed
 *       p.yj-field__hint, p.yj-field__error, p.yj-field__reason
 *     fieldset.yj-scan                        scans: data-yj-scan="FIELD",
 *       ul.yj-scan__list > li.yj-scan__page   data-form, data-pages; each page
 *         img, button.yj-scan__remove         has picture, mark and button
 *         p.yj-scan__mark                     a quality mark in words
 *       label.yj-scan__add > input[type=file] the dashed box, 点击上传
 *       a.yj-scan__example                    查看示例, data-yj-picture
 *     select.yj-input.yj-region               data-yj-region: becomes the picker
 *     label.yj-choice > input, span.yj-choice__label, span.yj-choice__hint,
 *       span.yj-choice__price                 radio and tick boxes as cards
 *     div.yj-errors > h2, ul > li > a         the error summary, role=alert
 *     dl.yj-view > div > dt, dd               label and value for reading
 *     ol.yj-timeline > li.yj-timeline__item   + _done, _now
 *     p.yj-flash, p.yj-warning, p.yj-lead, p.yj-hint, span.yj-hidden
 *     a|button.weui-btn + weui-btn_primary, weui-btn_default, weui-btn_warn
 *     a.yj-row > span.yj-row__title, span.yj-row__text   a line of a list
 *     table.yj-table, div.yj-beside           the desk: lists, scan beside fields
 *     div.yj-frames > figure, video.yj-clip   faces in a row, a recording
 *     details.yj-fold                         what the eye shall see last */
#ifndef PAGE_LAYOUT_H
#define PAGE_LAYOUT_H

#include "page/page.h"

/* Opens the document: head, skip link, heading, progress 1-2-3 when `step` is
 * not 0, the flash named in the query (?flash=saved). Gives p->markup. The
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
/* The bottom row: 上一步 (NULL: none) and the main button. A back_path that
 * begins with / is taken as it is, else it is a page's name. LAYOUT_BACK_SAVES
 * is a button of the form, go=back, by which it is saved before it goes. */
#define LAYOUT_BACK_SAVES ""
void layout_buttons(struct page *, const char *back_path, const char *main_label);
/* The tabs of the forms of one step, with ticks for complete ones; nothing where
 * the form stands in its step alone. */
void layout_tabs(struct page *, const struct form *current);
/* A table of the desk's down to its <tbody>, with `count` column heads; `label`
 * says what it holds where no heading does (NULL). */
void layout_table(struct markup *, const char *label, const char *const heads[], size_t count);
void layout_table_end(struct markup *);
/* Address of a page of ours with this page's application, into out. */
void layout_path(struct page *, const char *name, struct buffer *out);

#endif
