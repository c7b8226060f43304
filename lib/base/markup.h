/* markup.h: the one way to write XHTML.
 *
 * A thin layer over libxml2's xmlTextWriter into memory: every text and every
 * attribute value is escaped by the writer, elements nest or the program dies.
 * The result is served as text/html, so only void elements end short (HTML
 * Living Standard 13.1.2); markup_close() takes care of that. */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include "base/buffer.h"

struct markup;

/* Starts with the doctype when `document`, with nothing for a fragment. */
struct markup *markup_new(bool document);
void markup_free(struct markup *);

/* Opens an element; attributes follow as name, value pairs ended by NULL.
 * A pair whose value is NULL is left out, so `"hidden", on ? "" : NULL` works. */
void markup_open(struct markup *, const char *element, ...) SENTINEL;
/* Closes the innermost element, which must be `element`. */
void markup_close(struct markup *, const char *element);
void markup_text(struct markup *, const char *text);
void markup_printf(struct markup *, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* An element with text in it (NULL or "" for none) and attributes as above. */
void markup_element(struct markup *, const char *element, const char *text, ...) SENTINEL;
/* A void element: input, img, br, link, meta. */
void markup_void(struct markup *, const char *element, ...) SENTINEL;
/* Closes what is open and gives the bytes; they belong to the markup. */
const char *markup_finish(struct markup *, size_t *len);

#endif
