/* reply.h: one buffered answer with the security headers.
 *
 * Nothing reaches the client before reply_send(), so a page that dies half way
 * leaves no half page. The one writer of headers refuses CR, LF and NUL. */
#ifndef PAGE_REPLY_H
#define PAGE_REPLY_H

#include "base/buffer.h"

struct reply {
	int status;              /* 200 at the start */
	const char *type;        /* "text/html; charset=utf-8" at the start */
	struct buffer header;    /* further header lines */
	struct buffer body;
	bool cacheable;          /* else Cache-Control: no-store */
};

void reply_init(struct reply *);
void reply_release(struct reply *);
/* One more header line; die()s on CR, LF or NUL in the value. */
void reply_header(struct reply *, const char *name, const char *value);
/* A cookie: HttpOnly, SameSite=Lax, Path=/; with https __Host- and Secure.
 * max_age_s < 0 removes it. */
void reply_cookie(struct reply *, const char *name, const char *value, long max_age_s,
		  bool https);
/* 303 See Other to a path of ours ("/apply/mine"). */
void reply_redirect(struct reply *, const char *path);
/* Writes status, headers and body in one go; loops over short writes. HEAD
 * leaves the body out. */
void reply_send(struct reply *, bool head_only);

#endif
