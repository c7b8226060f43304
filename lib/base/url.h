/* url.h: text made fit to stand in a URL (RFC 3986). */
#ifndef BASE_URL_H
#define BASE_URL_H

#include "base/buffer.h"

/* Appends text with every byte percent-encoded but the unreserved ones
 * (letters, digits, - . _ ~): good for a query value or a path segment. */
void url_encode(struct buffer *out, const char *text);

#endif
